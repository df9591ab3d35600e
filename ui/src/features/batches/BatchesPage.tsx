// All batches: conversations that were begun with many people at once, and how far each has come.
import { Button, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, Send } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ListTable } from '../../components/ListTable';
import { ForbiddenState } from '../../components/ForbiddenState';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { PageHeader } from '../../components/PageHeader';
import { RowLink } from '../../components/RowLink';
import { When } from '../../components/When';
import { ChannelName } from '../channels/ChannelName';
import { flowChoicesQuery } from '../flows/queries';
import { BatchBadge } from './BatchBadge';
import { BatchBar, doneOf } from './BatchProgress';
import { batchesQuery, type Batch } from './queries';

export function BatchesPage() {
  return useMay('conversations:read') ? <Batches /> : <ForbiddenState />;
}

function Batches() {
  const { t } = useTranslation('batches');
  const mayWrite = useMay('conversations:write');
  const list = useInfiniteQuery(batchesQuery);
  const flows = useQuery(flowChoicesQuery);
  const names = new Map(flows.data?.map(({ id, name }) => [id, name]));
  const batches = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = list.isSuccess && batches.length === 0;
  const begin = mayWrite ? (
    <Button component={Link} to="/batches/new" leftSection={<Plus size={16} aria-hidden />}>
      {t('list.new')}
    </Button>
  ) : null;
  return (
    <>
      <PageHeader title={t('list.title')} description={t('list.text')}>
        {isEmpty ? null : begin}
      </PageHeader>
      {list.isPending ? <Loading rows={5} /> : null}
      {list.isError && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {isEmpty ? (
        <EmptyState
          icon={<Send size={32} strokeWidth={1.5} aria-hidden />}
          title={t('empty.title')}
          text={t(mayWrite ? 'empty.text' : 'empty.readOnly')}
        >
          {begin}
        </EmptyState>
      ) : null}
      {batches.length > 0 ? (
        <ListTable
          label={t('list.title')}
          minWidth={720}
          heads={[t('list.what'), t('list.channel'), t('list.status'), t('list.progress'), t('list.begun')]}
        >
          {batches.map((batch) => (
            <Row key={batch.id} batch={batch} flow={names.get(batch.flow_id)} />
          ))}
        </ListTable>
      ) : null}
      <MoreButton query={list} />
    </>
  );
}

function Row({ batch, flow }: { batch: Batch; flow?: string }) {
  const { t } = useTranslation('batches');
  return (
    <Table.Tr>
      <Table.Td>
        <RowLink to="/batches/$batchId" params={{ batchId: batch.id }}>
          {flow ?? batch.flow_id}
        </RowLink>
        <Text size="xs" c="dimmed" className="mono breaks">
          {batch.template?.name ?? t('begin.noTemplate')}
        </Text>
      </Table.Td>
      <Table.Td className="breaks">
        <ChannelName id={batch.channel_id} />
      </Table.Td>
      <Table.Td>
        <BatchBadge status={batch.status} />
      </Table.Td>
      <Table.Td miw={170}>
        <Stack gap={4}>
          <BatchBar batch={batch} />
          <Text size="xs" c="dimmed" className="tabular">
            {t('progress.of', { done: doneOf(batch), total: batch.total })}
            {batch.failed > 0 ? ` · ${t('progress.failed', { count: batch.failed })}` : ''}
          </Text>
        </Stack>
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <When at={batch.created_at} />
      </Table.Td>
    </Table.Tr>
  );
}
