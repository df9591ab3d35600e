// The people of the channels: who wrote or was written to, who wants to hear no more, and whom flows leave alone.
import { Button, Group, Menu, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Ban, CirclePause, ContactRound, MessageSquarePlus, Send, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { StateBadge } from '../../components/badges';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { FilterBar, FilterChoice } from '../../components/FilterBar';
import { ListTable } from '../../components/ListTable';
import { ForbiddenState } from '../../components/ForbiddenState';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { NumberBelow } from '../../components/NumberBelow';
import { PageHeader } from '../../components/PageHeader';
import { When } from '../../components/When';
import { ChannelName } from '../channels/ChannelName';
import { channelChoicesQuery } from '../channels/queries';
import { ContactMenu } from './ContactMenu';
import { contactsQuery, isPaused, isWindowOpen, pauseEnd, type Contact } from './queries';
import { StartDialog } from './StartDialog';

interface Starting {
  channelId: string;
  contact: Contact | null;
}

export function ContactsPage() {
  return useMay('conversations:read') ? <Contacts /> : <ForbiddenState />;
}

function Contacts() {
  const { t } = useTranslation('contacts');
  const filters = useSearch({ from: '/signed-in/contacts' });
  const navigate = useNavigate({ from: '/contacts' });
  const mayWrite = useMay('conversations:write');
  const list = useInfiniteQuery(contactsQuery(filters));
  const channels = useQuery(channelChoicesQuery);
  const [starting, setStarting] = useState<Starting | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const contacts = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.keys(filters).length > 0;
  const isEmpty = list.isSuccess && contacts.length === 0;
  return (
    <>
      <PageHeader title={t('title')} description={t('text')}>
        {mayWrite ? (
          <NewPerson
            channels={channels.data ?? []}
            chosen={filters.channel_id}
            onStart={(channelId) => setStarting({ channelId, contact: null })}
          />
        ) : null}
        {mayWrite && (channels.data?.length ?? 0) > 0 ? (
          <Button
            component={Link}
            to={filters.channel_id ? `/batches/new?channel_id=${filters.channel_id}` : '/batches/new'}
            variant="default"
            leftSection={<Send size={16} aria-hidden />}
          >
            {t('toMany')}
          </Button>
        ) : null}
      </PageHeader>
      <FilterBar
        searchHint={t('searchHint')}
        filters={filters}
        onChange={(search) => void navigate({ search, replace: true })}
        hasSpan={false}
      >
        {(set) => (
          <FilterChoice
            label={t('channel')}
            all={t('allChannels')}
            width={{ base: '100%', xs: 200 }}
            value={filters.channel_id}
            data={(channels.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => set({ channel_id: id })}
          />
        )}
      </FilterBar>
      {problem ? <ErrorPanel error={problem} /> : null}
      {list.isPending ? <Loading rows={8} /> : null}
      {list.isError ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {isEmpty && isFiltered ? (
        <EmptyState title={t('noMatch')} text={t('noMatchText')}>
          <Button variant="default" onClick={() => void navigate({ search: {} })}>
            {t('common:filters.clearAll')}
          </Button>
        </EmptyState>
      ) : null}
      {isEmpty && !isFiltered ? (
        <EmptyState
          icon={<ContactRound size={32} strokeWidth={1.5} aria-hidden />}
          title={t('empty')}
          text={t('emptyText')}
        >
          <Button component={Link} to="/channels" variant="default">
            {t('toChannels')}
          </Button>
        </EmptyState>
      ) : null}
      {contacts.length > 0 ? (
        <ListTable
          label={t('title')}
          minWidth={760}
          heads={[t('person'), t('channel'), t('state'), t('lastMessage')]}
          buttons={t('actions')}
        >
          {contacts.map((contact) => (
            <Row
              key={contact.id}
              contact={contact}
              mayWrite={mayWrite}
              onStart={() => setStarting({ channelId: contact.channel_id, contact })}
              onProblem={setProblem}
            />
          ))}
        </ListTable>
      ) : null}
      <MoreButton query={list} />
      {starting ? <StartDialog {...starting} onClose={() => setStarting(null)} /> : null}
    </>
  );
}

interface NewPersonProps {
  channels: { id: string; name: string }[];
  chosen?: string;
  onStart: (channelId: string) => void;
}

/** Somebody who is not in the list yet; of several channels one is chosen first. */
function NewPerson({ channels, chosen, onStart }: NewPersonProps) {
  const { t } = useTranslation('contacts');
  const icon = <UserPlus size={16} aria-hidden />;
  const only = chosen ?? (channels.length === 1 ? channels[0]!.id : undefined);
  if (channels.length === 0) return null;
  if (only !== undefined) {
    return (
      <Button leftSection={icon} onClick={() => onStart(only)}>
        {t('start.titleNew')}
      </Button>
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={icon}>{t('start.titleNew')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('channel')}</Menu.Label>
        {channels.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => onStart(id)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface RowProps {
  contact: Contact;
  mayWrite: boolean;
  onStart: () => void;
  onProblem: (problem: unknown) => void;
}

function Row({ contact, mayWrite, onStart, onProblem }: RowProps) {
  const { t } = useTranslation('contacts');
  const [now] = useState(Date.now);
  const who = contact.name || contact.phone || t('somebody');
  const paused = isPaused(contact, now);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600} className="breaks">
          {who}
        </Text>
        <NumberBelow person={contact} />
      </Table.Td>
      <Table.Td className="breaks">
        <ChannelName id={contact.channel_id} />
      </Table.Td>
      <Table.Td>
        <States contact={contact} now={now} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {contact.last_message_at ? <When at={contact.last_message_at} /> : t('common:never')}
        {isWindowOpen(contact, now) ? (
          <Text size="xs" c="dimmed">
            {t('windowOpen')}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" justify="flex-end">
          {mayWrite && contact.opted_out_at === null ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<MessageSquarePlus size={14} aria-hidden />}
              aria-label={t('start.openNamed', { who })}
              onClick={onStart}
            >
              {t('start.open')}
            </Button>
          ) : null}
          <ContactMenu contact={contact} who={who} isPaused={paused} mayWrite={mayWrite} onProblem={onProblem} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function States({ contact, now }: { contact: Contact; now: number }) {
  const { t } = useTranslation('contacts');
  const paused = isPaused(contact, now);
  const end = pauseEnd(contact, now);
  return (
    <Group gap={6}>
      {contact.opted_out_at ? <StateBadge look={{ color: 'red', icon: Ban }} label={t('states.optedOut')} /> : null}
      {paused ? <StateBadge look={{ color: 'violet', icon: CirclePause }} label={t('states.paused')} /> : null}
      {paused && end ? (
        <Text size="xs" c="dimmed">
          <When at={end} isAhead />
        </Text>
      ) : null}
      {!contact.opted_out_at && !paused ? (
        <Text size="sm" c="dimmed">
          {t('states.normal')}
        </Text>
      ) : null}
    </Group>
  );
}
