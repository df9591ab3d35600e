// One webhook: everything it was told or will be, live while something waits.
import { Alert, Button, Group, SegmentedControl, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Webhook, WebhookEvent } from '../../../api/schema';
import { EmptyState } from '../../../components/EmptyState';
import { ErrorPanel } from '../../../components/ErrorPanel';
import { ListTable } from '../../../components/ListTable';
import { Loading } from '../../../components/Loading';
import { MoreButton } from '../../../components/MoreButton';
import { PageHeader } from '../../../components/PageHeader';
import { When } from '../../../components/When';
import classes from '../settings.module.css';
import { EventDialog } from './EventDialog';
import { EventStatusBadge, LastAnswer } from './EventStatusBadge';
import { EVENT_STATES, eventsQuery, textName, webhookQuery, type EventStatus } from './queries';
import { TestDialog } from './TestDialog';
import { WebhookMenu } from './WebhookMenu';
import { WebhookStates } from './WebhooksPage';

export function WebhookPage() {
  const { t } = useTranslation('webhooks');
  const { webhookId } = useParams({ from: '/signed-in/settings/webhooks/$webhookId' });
  const query = useQuery(webhookQuery(webhookId));
  const parents = [{ label: t('title'), to: '/settings/webhooks' }];
  if (query.data) return <Shown webhook={query.data} />;
  return (
    <>
      <PageHeader title={t('title')} parents={parents} />
      {query.isError ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : <Loading rows={6} />}
    </>
  );
}

function Shown({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const navigate = useNavigate();
  const [isTested, setTested] = useState(false);
  return (
    <>
      <PageHeader
        title={webhook.name}
        parents={[{ label: t('title'), to: '/settings/webhooks' }]}
        description={
          <Text size="sm" inherit className="mono breaks">
            {webhook.url}
          </Text>
        }
      >
        <Button
          variant="default"
          leftSection={<Send size={16} aria-hidden />}
          disabled={webhook.is_paused}
          onClick={() => setTested(true)}
        >
          {t('test')}
        </Button>
        <WebhookMenu webhook={webhook} onDeleted={() => navigate({ to: '/settings/webhooks', replace: true })} />
      </PageHeader>
      <Stack gap="md">
        {webhook.is_paused ? <Alert color="gray">{t('pausedText')}</Alert> : null}
        <Group gap="sm">
          <WebhookStates webhook={webhook} />
          <Text size="sm" c="dimmed">
            {t('toldOf', { events: webhook.events.map((type) => t(`types.${textName(type)}`)).join(' · ') })}
          </Text>
        </Group>
        <Events webhook={webhook} />
      </Stack>
      {isTested ? <TestDialog webhook={webhook} onClose={() => setTested(false)} /> : null}
    </>
  );
}

function Events({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const [status, setStatus] = useState<EventStatus | null>(null);
  const [opened, setOpened] = useState<WebhookEvent | null>(null);
  const query = useInfiniteQuery(eventsQuery(webhook.id, status, webhook.waiting));
  const events = query.data?.pages.flatMap((page) => page.items) ?? [];
  // What no longer fits the filter stays open.
  const shown = events.find((each) => each.id === opened?.id) ?? opened;
  return (
    <>
      <SegmentedControl
        aria-label={t('state')}
        className={classes.states}
        classNames={{ label: classes.stateOf }}
        value={status ?? 'all'}
        onChange={(value) => setStatus(value === 'all' ? null : (value as EventStatus))}
        data={['all', ...EVENT_STATES].map((value) => ({ value, label: t(`states.${value}`) }))}
      />
      {query.isPending ? <Loading rows={6} /> : null}
      {query.isError ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isSuccess && events.length === 0 ? (
        <EmptyState title={t(status ? 'noneLike' : 'noEvents')} text={t(status ? 'noneLikeText' : 'noEventsText')} />
      ) : null}
      {events.length > 0 ? (
        <ListTable
          label={t('log')}
          minWidth={640}
          heads={[t('event'), t('state'), t('lastAnswer'), t('tries'), t('nextTry')]}
        >
          {events.map((event) => (
            <Row key={event.id} event={event} onOpen={() => setOpened(event)} />
          ))}
        </ListTable>
      ) : null}
      <MoreButton query={query} />
      {shown ? (
        <EventDialog webhook={webhook} event={shown} onSent={setOpened} onClose={() => setOpened(null)} />
      ) : null}
    </>
  );
}

function Row({ event, onOpen }: { event: WebhookEvent; onOpen: () => void }) {
  const { t } = useTranslation('webhooks');
  return (
    <Table.Tr>
      <Table.Td>
        <UnstyledButton onClick={onOpen} aria-haspopup="dialog" c="var(--mantine-color-anchor)" fz="sm" fw={600}>
          {t(`types.${textName(event.type)}`, { defaultValue: event.type })}
        </UnstyledButton>
        <Text size="xs" c="dimmed">
          <When at={event.created_at} />
        </Text>
      </Table.Td>
      <Table.Td>
        <EventStatusBadge status={event.status} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <LastAnswer answer={event.answer} />
      </Table.Td>
      <Table.Td className="tabular">{event.tries}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{event.due_at ? <When at={event.due_at} isAhead /> : '–'}</Table.Td>
    </Table.Tr>
  );
}
