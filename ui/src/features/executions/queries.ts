// What the executions screens ask of the server.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { ExecutionSearch } from '../../routes/flows';

const LIVE_MS = 2_500;

export const executionsQuery = (filters: ExecutionSearch, isLive: boolean) =>
  infiniteQueryOptions({
    queryKey: ['executions', 'list', filters],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET('/api/v1/executions', {
          params: { query: { ...filters, cursor: pageParam } as Record<string, string> },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    // Only the first page is asked for again and again; who reads further back is not disturbed.
    refetchInterval: (query) => (isLive && (query.state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false),
    placeholderData: (earlier) => earlier,
  });

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: ['executions', 'one', id],
    queryFn: () => data(api.GET('/api/v1/executions/{execution_id}', { params: { path: { execution_id: id } } })),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 1_000 : false),
  });

export type StatisticsFilters = Pick<
  ExecutionSearch,
  'integration_id' | 'action_id' | 'credential_id' | 'kind' | 'since' | 'until'
>;

export const statisticsQuery = (filters: StatisticsFilters, isLive: boolean) =>
  queryOptions({
    queryKey: ['executions', 'statistics', filters],
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/executions/statistics', { params: { query: filters as Record<string, string> }, signal })),
    refetchInterval: isLive ? 10_000 : false,
    placeholderData: (earlier) => earlier,
  });
