// One integration in the list: what it is, what it holds, how its last day went, and what it still lacks.
import { Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleDashed, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Integration } from '../../api/schema';
import card from '../../components/card.module.css';
import { Health } from './Health';
import classes from './integrations.module.css';
import { Logo } from './Logo';
import { nextStep, STEP_PATHS, stepStates } from './steps';

export function IntegrationCard({ integration }: { integration: Integration }) {
  const { t } = useTranslation('integrations');
  const { id, name, description } = integration;
  const next = nextStep(integration);
  const isReady = stepStates(integration)[next] === 'done';
  return (
    <Paper p="md" className={`${card.card} ${classes.card}`} component="li">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Logo name={name} integrationId={id} logoUrl={integration.logo_url} size={44} />
        <Stack gap={2} style={{ minWidth: 0, flex: 1 }}>
          <Link
            to={STEP_PATHS[isReady ? 'actions' : next]}
            params={{ integrationId: id }}
            className={`${card.name} breaks`}
          >
            {name}
          </Link>
          <Text size="sm" c="dimmed" lineClamp={2} className="breaks">
            {description || t('card.noDescription')}
          </Text>
        </Stack>
      </Group>
      <Stack gap={6} mt="auto">
        {integration.is_damaged ? (
          <Badge color="red" leftSection={<TriangleAlert size={13} aria-hidden />}>
            {t('card.damaged')}
          </Badge>
        ) : isReady ? null : (
          <Group gap={6} wrap="nowrap">
            <CircleDashed size={14} aria-hidden />
            <Text size="xs" fw={600}>
              {t('card.next', { step: t(`steps.${next}.name`) })}
            </Text>
          </Group>
        )}
        <Text size="xs" c="dimmed" className="tabular">
          {t('card.actions', { count: integration.actions_count })} ·{' '}
          {t('card.credentials', { count: integration.credentials_count })}
        </Text>
        <Health integrationId={id} lastDay={integration.last_day} />
      </Stack>
    </Paper>
  );
}
