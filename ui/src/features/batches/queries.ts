// What the pages of batches ask of the server.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { components } from '../../api/schema';

export type Batch = components['schemas']['Batch'];
export type BatchPerson = components['schemas']['BatchContactShown'];
export type PersonStatus = BatchPerson['status'];

export const PERSON_STATES = [
  'failed',
  'skipped',
  'waiting',
  'queued',
  'sent',
  'delivered',
  'read',
] as const satisfies readonly PersonStatus[];
const LIVE_MS = 2_000;
const SLOW_MS = 15_000;

/** Whether anything is still to be sent. */
export function isMoving({ status, queued }: Batch): boolean {
  return status === 'running' || queued > 0;
}

export const batchesQuery = infiniteQueryOptions({
  queryKey: ['batches', 'list'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam }) => data(api.GET('/api/v1/batches', { params: { query: { cursor: pageParam } } })),
  getNextPageParam: (page) => page.next_cursor,
  refetchInterval: ({ state }) => {
    const pages = state.data?.pages ?? [];
    return pages.length <= 1 && pages.some((page) => page.items.some(isMoving)) ? LIVE_MS : false;
  },
});

/** One batch; WhatsApp tells later who has read it. */
export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ['batches', 'one', id],
    queryFn: () => data(api.GET('/api/v1/batches/{batch_id}', { params: { path: { batch_id: id } } })),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? LIVE_MS : SLOW_MS),
  });

/** Whom it writes to; asked again, slower once nothing moves, unless somebody reads further back. */
export const batchPeopleQuery = (id: string, status: PersonStatus | null, isLive: boolean) =>
  infiniteQueryOptions({
    queryKey: ['batches', 'people', id, status],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET('/api/v1/batches/{batch_id}/contacts', {
          params: { path: { batch_id: id }, query: { status, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : isLive ? LIVE_MS : SLOW_MS),
    placeholderData: (earlier) => earlier,
  });

export const createBatch = (body: components['schemas']['CreateBatch']) => data(api.POST('/api/v1/batches', { body }));

export const stopBatch = (id: string) =>
  data(api.POST('/api/v1/batches/{batch_id}/stop', { params: { path: { batch_id: id } } }));
