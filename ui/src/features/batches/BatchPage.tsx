// One batch while it goes on and afterwards: how many it reached, whom it did not and why, and the button that ends it.
import { Anchor, Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { CircleStop } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ListTable } from '../../components/ListTable';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { NumberBelow } from '../../components/NumberBelow';
import { PageHeader } from '../../components/PageHeader';
import { When } from '../../components/When';
import { ChannelName } from '../channels/ChannelName';
import { flowChoicesQuery } from '../flows/queries';
import { BatchBadge, PersonBadge } from './BatchBadge';
import { BatchBar, BatchCounts, doneOf } from './BatchProgress';
import {
  batchPeopleQuery,
  batchQuery,
  isMoving,
  PERSON_STATES,
  stopBatch,
  type BatchPerson,
  type PersonStatus,
} from './queries';

const route = getRouteApi('/signed-in/batches/$batchId');
const ALL = 'all';

export function BatchPage() {
  const { batchId } = route.useParams();
  const { show = null } = route.useSearch();
  const { t } = useTranslation('batches');
  const navigate = useNavigate();
  const client = useQueryClient();
  const mayWrite = useMay('conversations:write');
  const { data: batch } = useSuspenseQuery(batchQuery(batchId));
  const flows = useQuery(flowChoicesQuery);
  const flow = flows.data?.find(({ id }) => id === batch.flow_id)?.name ?? batch.flow_id;
  const people = useInfiniteQuery(batchPeopleQuery(batchId, show, isMoving(batch)));
  const items = people.data?.pages.flatMap((page) => page.items) ?? [];
  const [isAsking, setAsking] = useState(false);

  const setShow = (status: PersonStatus | null) =>
    void navigate({
      to: '/batches/$batchId',
      params: { batchId },
      search: status ? { show: status } : {},
      replace: true,
      resetScroll: false,
    });

  return (
    <>
      <PageHeader
        title={flow}
        parents={[{ label: t('list.title'), to: '/batches' }]}
        description={
          <>
            <ChannelName id={batch.channel_id} /> ·{' '}
            {batch.template ? `${batch.template.name} (${batch.template.language})` : t('begin.noTemplate')} ·{' '}
            <When at={batch.created_at} />
          </>
        }
      >
        <BatchBadge status={batch.status} />
        {batch.status === 'running' && mayWrite ? (
          <Button variant="default" leftSection={<CircleStop size={16} aria-hidden />} onClick={() => setAsking(true)}>
            {t('stop.open')}
          </Button>
        ) : null}
      </PageHeader>
      <Stack gap="lg">
        <div>
          <BatchBar batch={batch} size="xl" />
          <Text size="sm" c="dimmed" mt={6} className="tabular" role="status">
            {t('progress.of', { done: doneOf(batch), total: batch.total })}
          </Text>
        </div>
        <BatchCounts batch={batch} shown={show} onShow={setShow} />
        <Stack gap="sm">
          <Group justify="space-between" align="flex-end" gap="sm">
            <Text component="h2" fw={650} size="lg">
              {t('people.title')}
            </Text>
            <Select
              aria-label={t('people.show')}
              data={[ALL, ...PERSON_STATES].map((value) => ({ value, label: t(`people.states.${value}`) }))}
              value={show ?? ALL}
              onChange={(value) => setShow(value === ALL ? null : (value as PersonStatus))}
              allowDeselect={false}
              w={{ base: '100%', xs: 200 }}
            />
          </Group>
          {people.isPending ? <Loading rows={6} /> : null}
          {people.isError ? <ErrorPanel error={people.error} onRetry={() => void people.refetch()} /> : null}
          {people.isSuccess && items.length === 0 ? <EmptyState order={3} title={t('people.none')} /> : null}
          {items.length > 0 ? (
            <ListTable
              label={t('people.title')}
              minWidth={620}
              verticalSpacing="xs"
              heads={[t('people.person'), t('list.status'), t('people.why'), t('people.conversation')]}
            >
              {items.map((person) => (
                <Row key={person.number} person={person} />
              ))}
            </ListTable>
          ) : null}
          <MoreButton query={people} />
        </Stack>
      </Stack>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('stop.title')}
        text={t('stop.text', { count: batch.waiting })}
        confirmLabel={t('stop.confirm')}
        onConfirm={async () => {
          client.setQueryData(batchQuery(batchId).queryKey, await stopBatch(batchId));
          await client.invalidateQueries({ queryKey: ['batches'] });
        }}
      />
    </>
  );
}

function Row({ person }: { person: BatchPerson }) {
  const { t } = useTranslation('batches');
  const { code, conversation_id: conversationId } = person;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500} className="breaks">
          {person.name || person.phone || t('people.somebody')}
        </Text>
        <NumberBelow person={person} />
      </Table.Td>
      <Table.Td>
        <PersonBadge status={person.status} />
      </Table.Td>
      <Table.Td className="breaks" maw={360}>
        {code ? t(`reasons.${code}`, { defaultValue: person.message ? `${person.message} (${code})` : code }) : '–'}
      </Table.Td>
      <Table.Td>
        {conversationId ? (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/conversations/$conversationId" params={{ conversationId }} {...props} />}
          >
            {t('people.open')}
          </Anchor>
        ) : (
          '–'
        )}
      </Table.Td>
    </Table.Tr>
  );
}
