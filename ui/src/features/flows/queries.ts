// What the pages of flows ask of the API and change through it.
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { components } from '../../api/schema';
import type { Definition } from './definition';

type Schemas = components['schemas'];

export type ListedFlow = Schemas['ListedFlow'];
export type ListedVersion = Schemas['ListedVersion'];
export type Flow = Omit<Schemas['Flow'], 'draft'> & { draft: Definition };
export type FlowVersion = Omit<Schemas['FlowVersion'], 'definition'> & { definition: Definition };
export type FlowProblem = Schemas['FlowProblem'];

const PAGE = 50;
const MOST = 200;

/** The server fills in whatever a definition leaves out, so that all of it is there. */
function whole<T>(answer: Promise<unknown>): Promise<T> {
  return answer as Promise<T>;
}

/** The other way: what is sent is a definition as the API describes it. */
function sent(definition: Definition): Schemas['Definition'] {
  return definition as unknown as Schemas['Definition'];
}

export const flowsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['flows', 'list', search],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(api.GET('/api/v1/flows', { params: { query: { limit: PAGE, cursor: pageParam, search: search || null } } })),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });

/** All flows, for choosing one to call. */
export const flowChoicesQuery = queryOptions({
  queryKey: ['flows', 'choices'],
  queryFn: async () => (await data(api.GET('/api/v1/flows', { params: { query: { limit: MOST } } }))).items,
});

/** The forms of all channels, for choosing one to send. */
export const formChoicesQuery = queryOptions({
  queryKey: ['forms', 'choices'],
  queryFn: async () => {
    const channels = await data(api.GET('/api/v1/channels', { params: { query: { limit: MOST } } }));
    const pages = await Promise.all(
      channels.items.map(({ id }) =>
        data(
          api.GET('/api/v1/channels/{channel_id}/forms', {
            params: { path: { channel_id: id }, query: { limit: MOST } },
          }),
        ),
      ),
    );
    return pages.flatMap(({ items }) => items);
  },
});

export const fetchFlow = (flowId: string): Promise<Flow> =>
  whole(data(api.GET('/api/v1/flows/{flow_id}', { params: { path: { flow_id: flowId } } })));

export const flowQuery = (flowId: string) =>
  queryOptions({ queryKey: ['flows', flowId], queryFn: () => fetchFlow(flowId) });

/** What the server finds wrong with a definition that may not be saved yet. */
export const problemsQuery = (flowId: string, definition: Definition, key: string) =>
  queryOptions({
    queryKey: ['flows', flowId, 'problems', key],
    gcTime: 60_000,
    staleTime: 10_000,
    queryFn: async ({ signal }) => {
      const answer = api.POST('/api/v1/flows/{flow_id}/validate', {
        params: { path: { flow_id: flowId } },
        body: { definition: sent(definition) },
        signal,
      });
      return (await data(answer)).problems;
    },
  });

export const versionsQuery = (flowId: string) =>
  infiniteQueryOptions({
    queryKey: ['flows', flowId, 'versions'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/v1/flows/{flow_id}/versions', {
          params: { path: { flow_id: flowId }, query: { limit: PAGE, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const versionQuery = (flowId: string, number: number) =>
  queryOptions({
    queryKey: ['flows', flowId, 'versions', number],
    staleTime: Infinity,
    queryFn: () =>
      whole<FlowVersion>(
        data(
          api.GET('/api/v1/flows/{flow_id}/versions/{number}', {
            params: { path: { flow_id: flowId, number: String(number) } },
          }),
        ),
      ),
  });

export const createFlow = (name: string, definition: Definition): Promise<Flow> =>
  whole(data(api.POST('/api/v1/flows', { body: { name, description: '', definition: sent(definition) } })));

export const renameFlow = (flowId: string, change: { name?: string; description?: string }): Promise<Flow> =>
  whole(data(api.PATCH('/api/v1/flows/{flow_id}', { params: { path: { flow_id: flowId } }, body: change })));

export const deleteFlow = (flowId: string, isForced: boolean) =>
  data(api.DELETE('/api/v1/flows/{flow_id}', { params: { path: { flow_id: flowId }, query: { force: isForced } } }));

export const duplicateFlow = (flowId: string): Promise<Flow> =>
  whole(data(api.POST('/api/v1/flows/{flow_id}/duplicate', { params: { path: { flow_id: flowId } }, body: {} })));

export const saveDraft = (flowId: string, definition: Definition, baseRevision: number): Promise<Flow> =>
  whole(
    data(
      api.PUT('/api/v1/flows/{flow_id}/draft', {
        params: { path: { flow_id: flowId } },
        body: { definition: sent(definition), base_revision: baseRevision },
      }),
    ),
  );

export const publishFlow = (flowId: string, note: string, baseRevision: number) =>
  data(
    api.POST('/api/v1/flows/{flow_id}/publish', {
      params: { path: { flow_id: flowId } },
      body: { note, base_revision: baseRevision },
    }),
  );

export const restoreVersion = (flowId: string, version: number, baseRevision: number): Promise<Flow> =>
  whole(
    data(
      api.POST('/api/v1/flows/{flow_id}/restore', {
        params: { path: { flow_id: flowId } },
        body: { version, base_revision: baseRevision },
      }),
    ),
  );

export type ImportedFlow = Schemas['ImportedFlow'];

/** Make a flow, and the integrations it uses, of an exported file. */
export const importFlow = (file: { yaml: string; use_existing: boolean }): Promise<ImportedFlow> =>
  data(api.POST('/api/v1/flows/import', { body: file }));

/** A flow was made, changed or removed: the lists are asked for again. */
export async function refreshFlows(client: QueryClient): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['flows', 'list'] }),
    client.invalidateQueries({ queryKey: ['flows', 'choices'] }),
  ]);
}
