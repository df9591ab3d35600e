// What the pages of integrations ask of the API and change through it. Numbers in a test request's JSON body keep their digits.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { api, data, exactData } from '../../api/client';
import type { CreateIntegration, Integration, UpdateIntegration } from '../../api/schema';

const PAGE = 24;
const MOST = 200;

export const integrationsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['integrations', 'list', search],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/v1/integrations', {
          params: { query: { limit: PAGE, cursor: pageParam, search: search || null } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });

export const integrationQuery = (integrationId: string) =>
  queryOptions({
    queryKey: ['integrations', integrationId],
    queryFn: () =>
      exactData<Integration>(
        api.GET('/api/v1/integrations/{integration_id}', {
          params: { path: { integration_id: integrationId } },
          parseAs: 'text',
        }),
      ),
  });

/** All integrations, for choosing one. */
export const integrationChoicesQuery = queryOptions({
  queryKey: ['integrations', 'choices'],
  queryFn: async () => (await data(api.GET('/api/v1/integrations', { params: { query: { limit: MOST } } }))).items,
});

/** Whether this server offers the worked example; a server without it answers 404. */
export const exampleQuery = queryOptions({
  queryKey: ['example'],
  retry: false,
  queryFn: () => data(api.GET('/api/v1/example')),
});

/** Everything that is known of integrations is asked for again; one that is given is known at once. */
function useRefresh() {
  const client = useQueryClient();
  return async (integration?: Integration) => {
    if (integration) client.setQueryData(integrationQuery(integration.id).queryKey, integration);
    await client.invalidateQueries({ queryKey: ['integrations', 'list'] });
  };
}

export function useCreateIntegration() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: CreateIntegration) =>
      exactData<Integration>(api.POST('/api/v1/integrations', { body, parseAs: 'text' })),
    onSuccess: refresh,
  });
}

export interface IntegrationChange {
  change: UpdateIntegration;
  /** Authentication fields go although something uses them. */
  isForced?: boolean;
}

export function useUpdateIntegration(integrationId: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ change, isForced = false }: IntegrationChange) =>
      exactData<Integration>(
        api.PATCH('/api/v1/integrations/{integration_id}', {
          params: { path: { integration_id: integrationId }, query: { force: isForced } },
          body: change,
          parseAs: 'text',
        }),
      ),
    onSuccess: refresh,
  });
}

export function useDeleteIntegration(integrationId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      data(
        api.DELETE('/api/v1/integrations/{integration_id}', {
          params: { path: { integration_id: integrationId }, query: { force: true } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['integrations', 'list'] }),
  });
}

export function useImportIntegration() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (yaml: string) =>
      exactData<Integration>(api.POST('/api/v1/integrations/import', { body: { yaml }, parseAs: 'text' })),
    onSuccess: refresh,
  });
}

export function useCreateExample() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => data(api.POST('/api/v1/example')),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['example'] });
      await client.invalidateQueries({ queryKey: ['integrations'] });
    },
  });
}
