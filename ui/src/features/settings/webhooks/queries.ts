// What the webhooks' pages ask of the server.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, data } from '../../../api/client';
import type { CreateWebhook, WebhookEvent } from '../../../api/schema';

export type EventType = CreateWebhook['events'][number];
export type EventStatus = WebhookEvent['status'];

export const EVENT_TYPES = [
  'conversation.started',
  'conversation.handed_over',
  'conversation.finished',
  'conversation.failed',
  'action.failed',
  'channel.parked',
] as const satisfies readonly EventType[];
export const EVENT_STATES = ['waiting', 'delivered', 'failed'] as const satisfies readonly EventStatus[];
const LIVE_MS = 2_000;

/** The name of an event in the texts, where dots part the levels. */
export function textName(type: string): string {
  return type.replaceAll('.', '_');
}

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks', 'list'],
  queryFn: () => data(api.GET('/api/v1/webhooks')),
  refetchInterval: ({ state }) => (state.data?.items.some((each) => each.waiting > 0) ? LIVE_MS : false),
});

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', 'one', id],
    queryFn: () => data(api.GET('/api/v1/webhooks/{webhook_id}', { params: { path: { webhook_id: id } } })),
    refetchInterval: ({ state }) => (state.data && state.data.waiting > 0 ? LIVE_MS : false),
  });

/** What a webhook was told or will be; `waiting` is how many events are still on their way. */
export const eventsQuery = (id: string, status: EventStatus | null, waiting: number) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', 'events', id, status],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET('/api/v1/webhooks/{webhook_id}/events', {
          params: { path: { webhook_id: id }, query: { status, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    // Who reads further back is not disturbed.
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      const isMoving = waiting > 0 || pages.some((page) => page.items.some((each) => each.status === 'waiting'));
      return isMoving && pages.length <= 1 ? LIVE_MS : false;
    },
    placeholderData: (earlier) => earlier,
  });

/** One of the newest events, until its first try is over. */
export const triedQuery = (webhookId: string, eventId: string) =>
  queryOptions({
    queryKey: ['webhooks', 'tried', webhookId, eventId],
    queryFn: async () => {
      const page = await data(
        api.GET('/api/v1/webhooks/{webhook_id}/events', { params: { path: { webhook_id: webhookId } } }),
      );
      return page.items.find((each) => each.id === eventId) ?? null;
    },
    refetchInterval: ({ state }) => (state.data?.answer ? false : 500),
  });
