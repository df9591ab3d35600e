// Conversations that wait for a person of the team: who they are with, what was said last, and the one that is open.
import { Badge, Button, Grid, Group, Paper, SegmentedControl, Text, UnstyledButton } from '@mantine/core';
import { useDocumentVisibility } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { ListedConversation } from '../../api/schema';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { PageHeader } from '../../components/PageHeader';
import { When } from '../../components/When';
import { conversationsQuery } from '../conversations/queries';
import { whoOf } from '../conversations/who';
import classes from './inbox.module.css';
import { Thread } from './Thread';

const SHOWN = ['with_agent', 'waiting'] as const;

export function InboxPage() {
  const { t } = useTranslation('inbox');
  const { conversation: open, show = 'with_agent' } = useSearch({ from: '/signed-in/inbox' });
  const navigate = useNavigate({ from: '/inbox' });
  const isSeen = useDocumentVisibility() === 'visible';
  const list = useInfiniteQuery(conversationsQuery({ status: show }, isSeen));
  const conversations = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 4 }} visibleFrom={open ? 'md' : undefined}>
          <SegmentedControl
            fullWidth
            mb="sm"
            aria-label={t('show')}
            value={show}
            data={SHOWN.map((value) => ({ value, label: t(`shown.${value}`) }))}
            onChange={(value) => void navigate({ search: { show: value as typeof show }, replace: true })}
          />
          {list.isPending ? <Loading rows={5} /> : null}
          {list.isError ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
          {list.isSuccess && conversations.length === 0 ? (
            <EmptyState
              icon={<Inbox size={32} strokeWidth={1.5} aria-hidden />}
              title={t(`empty.${show}`)}
              text={t('emptyText')}
            >
              <Button component={Link} to="/conversations" variant="default">
                {t('toConversations')}
              </Button>
            </EmptyState>
          ) : null}
          {conversations.length > 0 ? (
            <Paper component="ul" className={classes.list} aria-label={t(`shown.${show}`)}>
              {conversations.map((conversation) => (
                <li key={conversation.id}>
                  <Entry conversation={conversation} isOpen={conversation.id === open} show={show} />
                </li>
              ))}
            </Paper>
          ) : null}
          <MoreButton query={list} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }} visibleFrom={open ? undefined : 'md'}>
          {open ? (
            <Thread id={open} key={open} />
          ) : (
            <EmptyState
              icon={<Inbox size={32} strokeWidth={1.5} aria-hidden />}
              title={t('noneOpen')}
              text={t('noneOpenText')}
            />
          )}
        </Grid.Col>
      </Grid>
    </>
  );
}

interface EntryProps {
  conversation: ListedConversation;
  isOpen: boolean;
  show: (typeof SHOWN)[number];
}

function Entry({ conversation, isOpen, show }: EntryProps) {
  const { t } = useTranslation(['inbox', 'conversations', 'simulator']);
  const { last } = conversation;
  const isTheirs = last?.direction === 'in';
  return (
    <UnstyledButton
      className={classes.entry}
      aria-current={isOpen ? 'true' : undefined}
      renderRoot={(props) => <Link to="/inbox" search={{ show, conversation: conversation.id }} {...props} />}
    >
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" fw={isTheirs ? 700 : 550} truncate>
          {whoOf(conversation.contact, t)}
        </Text>
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          <When at={last?.at ?? conversation.updated_at} />
        </Text>
      </Group>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" c="dimmed" truncate>
          {last
            ? `${isTheirs ? '' : `${t('us')}: `}${last.text || t(`types.${last.type}`, { defaultValue: '…' })}`
            : ''}
        </Text>
        {isTheirs ? (
          <Badge size="sm" variant="light">
            {t('theirTurn')}
          </Badge>
        ) : null}
      </Group>
    </UnstyledButton>
  );
}
