// The steps from a new channel to a live number, one at a time; each can be come back to.
import { Alert, Anchor, Button, Group, Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { ForbiddenState } from '../../components/ForbiddenState';
import { PageHeader } from '../../components/PageHeader';
import { WithCode } from '../../components/WithCode';
import { CallbackPanel } from './CallbackPanel';
import { nextStep, type SetupStep } from './channel';
import { HealthPanel } from './HealthPanel';
import { Panel } from './Panel';
import { channelQuery } from './queries';
import { SecretsForm } from './SecretsForm';
import { SetupSteps } from './SetupSteps';
import { StartsForm } from './StartsForm';

const route = getRouteApi('/signed-in/channels/$channelId/setup');

export function SetupPage() {
  const { channelId } = route.useParams();
  const { step } = route.useSearch();
  const navigate = useNavigate();
  const { t } = useTranslation('channels');
  const mayWrite = useMay('channels:write');
  const { data: channel } = useSuspenseQuery(channelQuery(channelId));
  if (!mayWrite) return <ForbiddenState />;
  const current = step ?? nextStep(channel);
  const goTo = (next: SetupStep) =>
    void navigate({
      to: '/channels/$channelId/setup',
      params: { channelId },
      search: { step: next },
      ignoreBlocker: true,
    });
  const finish = () => void navigate({ to: '/channels/$channelId', params: { channelId }, ignoreBlocker: true });
  return (
    <>
      <PageHeader
        title={t('setup.title', { name: channel.name })}
        parents={[{ label: t('list.title'), to: '/channels' }]}
      >
        <Anchor component={Link} to={`/channels/${channelId}`} size="sm">
          {t('setup.later')}
        </Anchor>
      </PageHeader>
      <Stack gap="lg">
        <SetupSteps current={current} channelId={channelId} />
        <Panel key={current} title={t(`setup.${current}.title`)} text={t(`setup.${current}.text`)}>
          {current === 'secrets' ? (
            <>
              <Alert role="note" color="gray" title={t('setup.inMeta')}>
                <WithCode text={t('setup.secrets.inMeta')} />
              </Alert>
              <SecretsForm
                channel={channel}
                isReadOnly={false}
                submitLabel={t('common:saveAndContinue')}
                onSaved={() => goTo('callback')}
              />
            </>
          ) : null}
          {current === 'callback' ? (
            <>
              <CallbackPanel channel={channel} isReadOnly={false} />
              <Next onClick={() => goTo('check')} label={t('setup.next')} />
            </>
          ) : null}
          {current === 'check' ? (
            <>
              <HealthPanel channel={channel} isReadOnly={false} />
              <Next
                onClick={() => goTo('starts')}
                label={t(channel.health?.is_healthy ? 'setup.next' : 'setup.anyway')}
                isQuiet={!channel.health?.is_healthy}
              />
            </>
          ) : null}
          {current === 'starts' ? (
            <StartsForm channel={channel} isReadOnly={false} submitLabel={t('setup.finish')} onSaved={finish} />
          ) : null}
        </Panel>
      </Stack>
    </>
  );
}

function Next({ onClick, label, isQuiet = false }: { onClick: () => void; label: string; isQuiet?: boolean }) {
  return (
    <Group>
      <Button variant={isQuiet ? 'default' : 'filled'} onClick={onClick}>
        {label}
      </Button>
    </Group>
  );
}
