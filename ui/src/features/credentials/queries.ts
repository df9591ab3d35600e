// What the credentials' step asks of the API and changes through it. A value goes in sealed and is never kept here.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { CreateCredential, SetValues } from '../../api/schema';
import { integrationQuery } from '../integrations/queries';

const PAGE = 50;

export const credentialsQuery = (integrationId: string) =>
  infiniteQueryOptions({
    queryKey: ['credentials', integrationId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/v1/integrations/{integration_id}/credentials', {
          params: { path: { integration_id: integrationId }, query: { limit: PAGE, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const proposedHostsQuery = (integrationId: string) =>
  queryOptions({
    queryKey: ['credentials', integrationId, 'proposed-hosts'],
    queryFn: () =>
      data(
        api.GET('/api/v1/integrations/{integration_id}/proposed-hosts', {
          params: { path: { integration_id: integrationId } },
        }),
      ),
  });

/** The public key that values are sealed to. */
export const secretKeyQuery = queryOptions({
  queryKey: ['secret-key'],
  staleTime: 0,
  queryFn: () => data(api.GET('/api/v1/secret-key')),
});

/** Whether this server takes values that were not sealed in the browser. */
export const secretsStateQuery = queryOptions({
  queryKey: ['secrets'],
  queryFn: () => data(api.GET('/api/v1/secrets')),
});

export const credentialQuery = (credentialId: string) =>
  queryOptions({ queryKey: ['credentials', 'one', credentialId], queryFn: () => fetchCredential(credentialId) });

export const fetchCredential = (credentialId: string) =>
  data(api.GET('/api/v1/credentials/{credential_id}', { params: { path: { credential_id: credentialId } } }));

export const createCredential = (integrationId: string, body: CreateCredential) =>
  data(
    api.POST('/api/v1/integrations/{integration_id}/credentials', {
      params: { path: { integration_id: integrationId } },
      body,
    }),
  );

export const setValues = (credentialId: string, body: SetValues) =>
  data(
    api.PUT('/api/v1/credentials/{credential_id}/values', { params: { path: { credential_id: credentialId } }, body }),
  );

export const renameCredential = (credentialId: string, name: string) =>
  data(
    api.PATCH('/api/v1/credentials/{credential_id}', {
      params: { path: { credential_id: credentialId } },
      body: { name },
    }),
  );

export const testCredential = (credentialId: string) =>
  data(api.POST('/api/v1/credentials/{credential_id}/test', { params: { path: { credential_id: credentialId } } }));

/** Ask again for the list, and for how many credentials the integration has. */
export function useRefresh(integrationId: string) {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['credentials'] }),
      client.invalidateQueries({ queryKey: integrationQuery(integrationId).queryKey }),
      client.invalidateQueries({ queryKey: ['integrations', 'list'] }),
    ]);
  };
}

export function useRename(integrationId: string) {
  const refresh = useRefresh(integrationId);
  return useMutation({
    mutationFn: ({ credentialId, name }: { credentialId: string; name: string }) =>
      renameCredential(credentialId, name),
    onSuccess: refresh,
  });
}

export function useRemove(integrationId: string) {
  const refresh = useRefresh(integrationId);
  return useMutation({
    mutationFn: (credentialId: string) =>
      data(
        api.DELETE('/api/v1/credentials/{credential_id}', {
          params: { path: { credential_id: credentialId }, query: { force: true } },
        }),
      ),
    onSuccess: refresh,
  });
}
