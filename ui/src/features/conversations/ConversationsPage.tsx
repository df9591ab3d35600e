// Every conversation, live, with filters in the address.
import { Button, Table, Text } from '@mantine/core';
import { useDocumentVisibility } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ListedConversation } from '../../api/schema';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { NoMatch } from '../../components/FilterBar';
import { ListTable } from '../../components/ListTable';
import { LiveSwitch } from '../../components/LiveSwitch';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { NumberBelow } from '../../components/NumberBelow';
import { PageHeader } from '../../components/PageHeader';
import { RowLink } from '../../components/RowLink';
import { When } from '../../components/When';
import { ChannelName } from '../channels/ChannelName';
import { flowChoicesQuery } from '../flows/queries';
import { ConversationFilters } from './ConversationFilters';
import { ConversationStatus } from './ConversationStatus';
import { conversationsQuery } from './queries';
import { versionOf, whoOf } from './who';

export function ConversationsPage() {
  const { t } = useTranslation('conversations');
  const filters = useSearch({ from: '/signed-in/conversations' });
  const navigate = useNavigate({ from: '/conversations' });
  const [isLive, setLive] = useState(true);
  const isSeen = useDocumentVisibility() === 'visible';
  const list = useInfiniteQuery(conversationsQuery(filters, isLive && isSeen));
  const flows = useQuery(flowChoicesQuery);
  const names = new Map(flows.data?.map(({ id, name }) => [id, name]));
  const conversations = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHeader title={t('title')} description={t('text')}>
        <LiveSwitch isLive={isLive} onChange={setLive} />
      </PageHeader>
      <ConversationFilters filters={filters} onChange={(search) => void navigate({ search, replace: true })} />
      {list.isPending ? <Loading rows={8} /> : null}
      {list.isError ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && conversations.length === 0 ? (
        isFiltered ? (
          <NoMatch text={t('noMatchText')} onClear={() => void navigate({ search: {} })} />
        ) : (
          <EmptyState
            icon={<MessagesSquare size={32} strokeWidth={1.5} aria-hidden />}
            title={t('empty')}
            text={t('emptyText')}
          >
            <Button component={Link} to="/flows">
              {t('toFlows')}
            </Button>
          </EmptyState>
        )
      ) : null}
      {conversations.length > 0 ? (
        <ListTable
          label={t('title')}
          minWidth={720}
          heads={[t('person'), t('flow'), t('status'), t('channel'), { right: t('lastMoved') }]}
          isMarked
        >
          {conversations.map((conversation) => (
            <Row key={conversation.id} conversation={conversation} flow={names.get(conversation.flow_id)} />
          ))}
        </ListTable>
      ) : null}
      <MoreButton query={list} />
    </>
  );
}

function Row({ conversation, flow }: { conversation: ListedConversation; flow?: string }) {
  const { t } = useTranslation('conversations');
  const { id, contact, version, status } = conversation;
  return (
    <Table.Tr>
      <Table.Td>
        <RowLink to="/conversations/$conversationId" params={{ conversationId: id }}>
          {whoOf(contact, t)}
        </RowLink>
        <NumberBelow person={contact} />
      </Table.Td>
      <Table.Td className="breaks">
        {flow ?? conversation.flow_id}{' '}
        <Text span size="xs" c="dimmed">
          {versionOf(version, t)}
        </Text>
      </Table.Td>
      <Table.Td>
        <ConversationStatus status={status} />
      </Table.Td>
      <Table.Td className="breaks">
        <ChannelName id={conversation.channel_id} />
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        <When at={conversation.updated_at} />
      </Table.Td>
    </Table.Tr>
  );
}
