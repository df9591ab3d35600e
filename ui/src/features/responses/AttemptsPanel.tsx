// Every request that went out for one execution: retries and redirects, each with its own times.
import { Badge, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Attempt } from '../../api/schema';
import { exact } from '../../components/When';
import { TimingBar } from '../requests/TimingBar';
import { milliseconds } from './measures';
import { StatusBadge } from './StatusBadge';

export function AttemptsPanel({ attempts }: { attempts: Attempt[] }) {
  const { t, i18n } = useTranslation('responses');
  const language = i18n.resolvedLanguage ?? 'en';
  return (
    <Stack gap="sm" component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
      {attempts.map((attempt) => (
        <Paper key={attempt.number} component="li" p="sm">
          <Group gap="xs" mb={6}>
            <Text fw={600} size="sm">
              {t('attempts.number', { number: attempt.number })}
            </Text>
            {attempt.status !== null ? <StatusBadge status={attempt.status} /> : null}
            {attempt.error_code ? <Code>{attempt.error_code}</Code> : null}
            {attempt.is_redirect_hop ? <Badge color="gray">{t('attempts.redirect')}</Badge> : null}
            <Text size="sm" c="dimmed" className="tabular">
              {milliseconds(attempt.timing.total_ms, language)} · {exact(attempt.started_at, language)}
            </Text>
          </Group>
          <Text size="sm" className="breaks" mb="xs">
            <code>{attempt.url}</code>
          </Text>
          <TimingBar timing={attempt.timing} />
        </Paper>
      ))}
    </Stack>
  );
}
