// The failures of a span by outcome, and how fast each action was.
import { Anchor, Group, Paper, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { ExecutionStatistics } from '../../api/schema';
import { OutcomeBadge } from '../../components/badges';
import { span } from './buckets';
import classes from './charts.module.css';

export function Figures({ statistics }: { statistics: ExecutionStatistics }) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Failures outcomes={statistics.outcomes} />
      <Speeds actions={statistics.actions} />
    </SimpleGrid>
  );
}

function Failures({ outcomes }: { outcomes: Record<string, number> }) {
  const { t, i18n } = useTranslation('executions');
  const failures = Object.entries(outcomes)
    .filter(([outcome, count]) => outcome !== 'ok' && outcome !== 'running' && count > 0)
    .toSorted((a, b) => b[1] - a[1]);
  const most = failures[0]?.[1] ?? 1;
  return (
    <Paper p="md">
      <Text size="sm" fw={600} mb="sm">
        {t('failures')}
      </Text>
      {failures.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('noFailures')}
        </Text>
      ) : null}
      <Stack gap="xs">
        {failures.map(([outcome, count]) => (
          <Group key={outcome} wrap="nowrap" gap="sm">
            <div style={{ flex: 'none', width: 200 }}>
              <OutcomeBadge outcome={outcome} />
            </div>
            <div className={classes.meter} style={{ flex: 1 }}>
              <div className={classes.meterFailed} style={{ width: `${(count / most) * 100}%` }} />
            </div>
            <Text size="sm" className="tabular" w={48} ta="right">
              {new Intl.NumberFormat(i18n.resolvedLanguage).format(count)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}

function Speeds({ actions }: { actions: ExecutionStatistics['actions'] }) {
  const { t, i18n } = useTranslation('executions');
  const language = i18n.resolvedLanguage ?? 'en';
  return (
    <Paper p="md">
      <Text size="sm" fw={600} mb={4}>
        {t('speeds')}
      </Text>
      {actions.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('noSpeeds')}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={290}>
          <Table verticalSpacing={6} horizontalSpacing={6} aria-label={t('speeds')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('action')}</Table.Th>
                <Table.Th ta="right">{t('runs')}</Table.Th>
                <Table.Th ta="right" title={t('p50Hint')}>
                  {t('p50')}
                </Table.Th>
                <Table.Th ta="right" title={t('p95Hint')}>
                  {t('p95')}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody className="tabular">
              {actions.map((action) => (
                <Table.Tr key={action.action_id}>
                  <Table.Td className="breaks">
                    <Anchor
                      size="sm"
                      renderRoot={(props) => (
                        <Link to="/executions" search={{ action_id: action.action_id }} {...props} />
                      )}
                    >
                      {action.name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="right">{new Intl.NumberFormat(language).format(action.count)}</Table.Td>
                  <Table.Td ta="right">{span(action.p50_ms, language)}</Table.Td>
                  <Table.Td ta="right">{span(action.p95_ms, language)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Paper>
  );
}
