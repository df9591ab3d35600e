// What the conversations screens ask of the server.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { ConversationSearch } from '../../routes/conversations';

const LIVE_MS = 3_000;

export const conversationsQuery = (filters: ConversationSearch, isLive: boolean) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'list', filters],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET('/api/v1/conversations', {
          params: { query: { ...filters, cursor: pageParam } as Record<string, string> },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    // Only the first page is asked for again and again; who reads further back is not disturbed.
    refetchInterval: (query) => (isLive && (query.state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false),
    placeholderData: (earlier) => earlier,
  });

export function cancelConversation(id: string) {
  return data(
    api.POST('/api/v1/conversations/{conversation_id}/cancel', { params: { path: { conversation_id: id } } }),
  );
}

export const flowStatisticsQuery = (flowId: string, version: number, since: string | null) =>
  queryOptions({
    queryKey: ['flows', flowId, 'statistics', version, since],
    queryFn: ({ signal }) =>
      data(
        api.GET('/api/v1/flows/{flow_id}/statistics', {
          params: { path: { flow_id: flowId }, query: { version, since } },
          signal,
        }),
      ),
    refetchInterval: 10_000,
    placeholderData: (earlier) => earlier,
  });
