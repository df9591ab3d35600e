// What the conversations screens ask of the server.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { ConversationSearch } from '../../routes';
import type { Contact } from '../simulator/types';

// SHIM
interface Untyped {
  GET: (path: string, options: unknown) => Promise<{ data?: any }>;
  POST: (path: string, options: unknown) => Promise<{ data?: any }>;
}
const raw = api as unknown as Untyped;

const LIVE_MS = 3_000;

export interface ListedConversation {
  id: string;
  flow_id: string;
  version: number | null;
  channel_id: string;
  status: string;
  contact: Contact;
  block_id: string | null;
  created_at: string;
  updated_at: string;
  ended_at: string | null;
}

export interface BlockStatistics {
  block_id: string;
  entered: number;
  left: Record<string, number>;
  stopped: number;
  waiting: number;
  failed: number;
}

export interface FlowStatisticsShown {
  version: number | null;
  conversations: Record<string, number>;
  blocks: BlockStatistics[];
}

export const conversationsQuery = (filters: ConversationSearch, isLive: boolean) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'list', filters],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }): Promise<{ items: ListedConversation[]; next_cursor: string | null }> =>
      data(raw.GET('/api/v1/conversations', { params: { query: { ...filters, cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor,
    // Only the first page is asked for again and again; who reads further back is not disturbed.
    refetchInterval: (query) => (isLive && (query.state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false),
    placeholderData: (earlier) => earlier,
  });

export function cancelConversation(id: string): Promise<unknown> {
  return data(
    raw.POST('/api/v1/conversations/{conversation_id}/cancel', { params: { path: { conversation_id: id } } }),
  );
}

export const flowStatisticsQuery = (flowId: string, version: number | null, since: string | null) =>
  queryOptions({
    queryKey: ['flows', flowId, 'statistics', version, since],
    queryFn: ({ signal }): Promise<FlowStatisticsShown> =>
      data(
        raw.GET('/api/v1/flows/{flow_id}/statistics', {
          params: { path: { flow_id: flowId }, query: { version, since } },
          signal,
        }),
      ),
    refetchInterval: 10_000,
    placeholderData: (earlier) => earlier,
  });
