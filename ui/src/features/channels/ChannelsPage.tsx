// All channels: which number each is, and how it is doing.
import { Button, Paper, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Channel } from '../../api/schema';
import { useMay } from '../../api/session';
import card from '../../components/card.module.css';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { PageHeader } from '../../components/PageHeader';
import { ChannelBadge } from './ChannelBadge';
import classes from './channels.module.css';
import { channelsQuery } from './queries';

export function ChannelsPage() {
  const { t } = useTranslation('channels');
  const mayWrite = useMay('channels:write');
  const list = useInfiniteQuery(channelsQuery);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = list.isSuccess && items.length === 0;
  const connect = mayWrite ? (
    <Button component={Link} to="/channels/new" leftSection={<Plus size={16} aria-hidden />}>
      {t('list.new')}
    </Button>
  ) : null;
  return (
    <>
      <PageHeader title={t('list.title')} description={t('list.text')}>
        {isEmpty ? null : connect}
      </PageHeader>
      {list.isPending ? <Loading rows={3} height={76} /> : null}
      {list.isError && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {isEmpty ? (
        <EmptyState
          icon={<Smartphone size={32} strokeWidth={1.5} aria-hidden />}
          title={t('empty.title')}
          text={t(mayWrite ? 'empty.text' : 'empty.readOnly')}
        >
          {connect}
        </EmptyState>
      ) : null}
      {items.length > 0 ? (
        <ul aria-label={t('list.title')} className={card.list}>
          {items.map((channel) => (
            <ChannelRow key={channel.id} channel={channel} />
          ))}
        </ul>
      ) : null}
      <MoreButton query={list} />
    </>
  );
}

function ChannelRow({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const { open_conversations, waiting_messages } = channel.counts;
  return (
    <Paper component="li" p="md" className={`${card.card} ${classes.channel}`}>
      <div style={{ minWidth: 0 }}>
        <Link to="/channels/$channelId" params={{ channelId: channel.id }} className={`${card.name} breaks`}>
          {channel.name}
        </Link>
        <Text size="sm" c="dimmed" className="breaks">
          {channel.health?.phone_number?.display_phone_number ?? t('list.id', { id: channel.settings.phone_number_id })}
        </Text>
        <Text size="xs" c="dimmed">
          {t('list.open', { count: open_conversations })}
          {waiting_messages > 0 ? ` · ${t('list.waiting', { count: waiting_messages })}` : ''}
        </Text>
      </div>
      <ChannelBadge channel={channel} />
    </Paper>
  );
}
