// Every execution, live: charts above, the list below, filters in the address.
import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useDocumentVisibility } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Activity } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Execution } from '../../api/schema';
import { MethodBadge, OutcomeBadge, VerdictBadge } from '../../components/badges';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { NoMatch } from '../../components/FilterBar';
import { ListTable } from '../../components/ListTable';
import { LiveSwitch } from '../../components/LiveSwitch';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { PageHeader } from '../../components/PageHeader';
import { When } from '../../components/When';
import { span } from './buckets';
import { Figures } from './Figures';
import { Filters } from './Filters';
import { executionsQuery, statisticsQuery } from './queries';
import { VolumeChart } from './VolumeChart';

export function ExecutionsPage() {
  const { t } = useTranslation('executions');
  const filters = useSearch({ from: '/signed-in/executions' });
  const navigate = useNavigate({ from: '/executions' });
  const [isLive, setLive] = useState(true);
  const isSeen = useDocumentVisibility() === 'visible';
  const list = useInfiniteQuery(executionsQuery(filters, isLive && isSeen));
  const { outcome: _outcome, search: _search, ...spanFilters } = filters;
  const statistics = useQuery(statisticsQuery(spanFilters, isLive && isSeen));
  const executions = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.keys(filters).length > 0;
  const names = new Map(statistics.data?.actions.map((action) => [action.action_id, action.name]));

  return (
    <>
      <PageHeader title={t('title')} description={t('text')}>
        <LiveSwitch isLive={isLive} onChange={setLive} />
      </PageHeader>
      <Filters filters={filters} onChange={(search) => void navigate({ search, replace: true })} />
      <Stack gap="md">
        {statistics.isError ? <ErrorPanel error={statistics.error} onRetry={() => void statistics.refetch()} /> : null}
        {statistics.data ? (
          <>
            <VolumeChart
              buckets={statistics.data.buckets}
              bucketSeconds={statistics.data.bucket_seconds}
              onSpan={(since, until) => void navigate({ search: { ...filters, since, until } })}
            />
            <Figures statistics={statistics.data} />
          </>
        ) : null}
        {list.isPending ? <Loading rows={8} /> : null}
        {list.isError ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
        {list.isSuccess && executions.length === 0 ? (
          isFiltered ? (
            <NoMatch text={t('noMatchText')} onClear={() => void navigate({ search: {} })} />
          ) : (
            <EmptyState
              icon={<Activity size={32} strokeWidth={1.5} aria-hidden />}
              title={t('empty')}
              text={t('emptyText')}
            >
              <Button component={Link} to="/integrations">
                {t('toIntegrations')}
              </Button>
            </EmptyState>
          )
        ) : null}
        {executions.length > 0 ? (
          <ListTable
            label={t('title')}
            minWidth={720}
            heads={[t('when'), t('outcome'), t('request'), t('kind'), { right: t('time') }]}
            isMarked
          >
            {executions.map((execution) => (
              <Row key={execution.id} execution={execution} action={names.get(execution.action_id ?? '')} />
            ))}
          </ListTable>
        ) : null}
        <MoreButton query={list} />
      </Stack>
    </>
  );
}

function Row({ execution, action }: { execution: Execution; action: string | null | undefined }) {
  const { t, i18n } = useTranslation('executions');
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Anchor
          size="sm"
          aria-label={t('open', { id: execution.id })}
          renderRoot={(props) => (
            <Link to="/executions/$executionId" params={{ executionId: execution.id }} {...props} />
          )}
        >
          <When at={execution.created_at} />
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          {execution.verdict ? (
            <VerdictBadge verdict={execution.verdict} />
          ) : (
            <OutcomeBadge outcome={execution.outcome} />
          )}
          {execution.response ? (
            <Text size="sm" className="tabular">
              {execution.response.status}
            </Text>
          ) : null}
        </Group>
      </Table.Td>
      <Table.Td maw={420}>
        {execution.request ? (
          <>
            {action ? (
              <Text size="sm" fw={500} className="breaks">
                {action}
              </Text>
            ) : null}
            <Group gap={8} wrap="nowrap">
              <MethodBadge method={execution.request.method} style={{ flex: 'none' }} />
              <Text size="sm" truncate className="mono" c={action ? 'dimmed' : undefined}>
                {execution.request.url}
              </Text>
            </Group>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {t('notSent')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{t(`common:kinds.${execution.kind}`)}</Table.Td>
      <Table.Td ta="right" className="tabular">
        {span(execution.timing?.total_ms, i18n.resolvedLanguage ?? 'en')}
      </Table.Td>
    </Table.Tr>
  );
}
