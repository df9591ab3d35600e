// How an integration's calls of the last day went, in words and as a bar.
import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import card from '../../components/card.module.css';
import classes from './integrations.module.css';

interface Props {
  integrationId: string;
  lastDay: { ok: number; failed: number };
}

export function Health({ integrationId, lastDay: { ok, failed } }: Props) {
  const { t } = useTranslation('integrations');
  const total = ok + failed;
  if (total === 0)
    return (
      <Text size="xs" c="dimmed">
        {t('health.none')}
      </Text>
    );
  const words = failed === 0 ? t('health.ok', { count: total }) : t('health.failed', { count: total, failed });
  return (
    <Group gap={8} wrap="nowrap" className={card.above}>
      <span className={classes.health} aria-hidden>
        <span style={{ width: `${(ok / total) * 100}%` }} />
      </span>
      <Anchor
        size="xs"
        c={failed === 0 ? 'dimmed' : 'var(--mantine-color-orange-light-color)'}
        className="tabular"
        renderRoot={(props) => <Link to="/executions" search={{ integration_id: integrationId }} {...props} />}
      >
        <Group component="span" gap={4} wrap="nowrap">
          {failed > 0 ? <TriangleAlert size={13} aria-hidden /> : null}
          {words}
        </Group>
      </Anchor>
    </Group>
  );
}
