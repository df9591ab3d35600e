// The head of one integration, the steps of its set-up, and the step that is open.
import { Badge, Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { PageHeader } from '../../components/PageHeader';
import { Logo } from './Logo';
import { integrationQuery } from './queries';
import { STEPS, stepStates } from './steps';
import { StepsNav } from './StepsNav';

const route = getRouteApi('/signed-in/integrations/$integrationId');

export function IntegrationLayout() {
  const { integrationId } = route.useParams();
  const { t } = useTranslation('integrations');
  const mayWrite = useMay('integrations:write');
  const { data: integration } = useSuspenseQuery(integrationQuery(integrationId));
  const last = useRouterState({ select: (state) => state.location.pathname.split('/').at(-1) });
  const current = STEPS.find((step) => step === last) ?? 'actions';
  return (
    <>
      <PageHeader
        title={integration.name}
        description={integration.description || undefined}
        icon={<Logo name={integration.name} integrationId={integrationId} logoUrl={integration.logo_url} size={44} />}
        parents={[{ label: t('list.title'), to: '/integrations' }]}
      >
        {mayWrite ? null : (
          <Badge color="gray" size="lg">
            {t('readOnly')}
          </Badge>
        )}
      </PageHeader>
      <Stack gap="lg" key={integrationId}>
        <StepsNav current={current} integrationId={integrationId} states={stepStates(integration)} />
        <Outlet />
      </Stack>
    </>
  );
}
