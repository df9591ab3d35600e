// What the settings ask of the server.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';

export const membersQuery = infiniteQueryOptions({
  queryKey: ['members'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam }) => data(api.GET('/api/v1/members', { params: { query: { cursor: pageParam } } })),
  getNextPageParam: (page) => page.next_cursor,
});

export const apiKeysQuery = infiniteQueryOptions({
  queryKey: ['api-keys'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam }) => data(api.GET('/api/v1/api-keys', { params: { query: { cursor: pageParam } } })),
  getNextPageParam: (page) => page.next_cursor,
});

export const auditLogQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['audit-log', search],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(api.GET('/api/v1/audit-log', { params: { query: { cursor: pageParam, search: search || null } } })),
    getNextPageParam: (page) => page.next_cursor,
  });

export const secretsQuery = queryOptions({
  queryKey: ['secrets'],
  queryFn: () => data(api.GET('/api/v1/secrets')),
});

export const addressPolicyQuery = queryOptions({
  queryKey: ['address-policy'],
  queryFn: () => data(api.GET('/api/v1/address-policy')),
});

export const healthQuery = queryOptions({
  queryKey: ['health', 'ready'],
  queryFn: () => data(api.GET('/api/v1/health')),
});
