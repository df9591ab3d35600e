// What the pages of actions ask of the API and change through it. Numbers in a request's JSON body keep their digits.
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';

import { api, data, exactData } from '../../api/client';
import type { Action, CreateAction, Execution, UpdateAction } from '../../api/schema';
import { keptCandidates } from './keptCandidates';
import { readExecution } from './readExecution';

const PAGE = 50;
const MOST = 200;

export const actionsQuery = (integrationId: string) =>
  infiniteQueryOptions({
    queryKey: ['actions', 'list', integrationId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/v1/integrations/{integration_id}/actions', {
          params: { path: { integration_id: integrationId }, query: { limit: PAGE, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const actionQuery = (actionId: string) =>
  queryOptions({
    queryKey: ['actions', actionId],
    queryFn: () =>
      exactData<Action>(
        api.GET('/api/v1/actions/{action_id}', { params: { path: { action_id: actionId } }, parseAs: 'text' }),
      ),
  });

/** The newest run of an action, without bodies; null where it never ran. */
export const lastRunQuery = (actionId: string) =>
  queryOptions({
    queryKey: ['executions', 'last-run', actionId],
    queryFn: async () => {
      const page = await data(api.GET('/api/v1/executions', { params: { query: { action_id: actionId, limit: 1 } } }));
      return page.items[0] ?? null;
    },
  });

/** The newest test of an action with all that came back; null where there was none. */
export const lastTestQuery = (actionId: string) =>
  queryOptions({
    queryKey: ['executions', 'last-test', actionId],
    queryFn: async ({ client }): Promise<Execution | null> => {
      const query = { action_id: actionId, kind: 'test' as const, limit: 1 };
      const newest = (await data(api.GET('/api/v1/executions', { params: { query } }))).items[0];
      const known = client.getQueryData<Execution | null>(['executions', 'last-test', actionId]);
      if (!newest) return null;
      if (known?.id === newest.id && known.state === 'finished') return known; // it knows more than is kept
      const answer = api.GET('/api/v1/executions/{execution_id}', {
        params: { path: { execution_id: newest.id } },
        parseAs: 'text',
      });
      const execution = readExecution(await data(answer));
      return { ...execution, candidates: execution.candidates ?? keptCandidates(actionId, execution.id) };
    },
  });

/** All actions of an integration, for choosing one. */
export const actionChoicesQuery = (integrationId: string) =>
  queryOptions({
    queryKey: ['actions', 'list', integrationId, 'choices'],
    queryFn: async () => {
      const params = { path: { integration_id: integrationId }, query: { limit: MOST } };
      return (await data(api.GET('/api/v1/integrations/{integration_id}/actions', { params }))).items;
    },
  });

/** All credentials of an integration, for choosing one. */
export const credentialChoicesQuery = (integrationId: string) =>
  queryOptions({
    queryKey: ['credentials', integrationId, 'choices'],
    queryFn: async () => {
      const params = { path: { integration_id: integrationId }, query: { limit: MOST } };
      return (await data(api.GET('/api/v1/integrations/{integration_id}/credentials', { params }))).items;
    },
  });

export function createAction(integrationId: string, body: CreateAction): Promise<Action> {
  const params = { path: { integration_id: integrationId } };
  return exactData(api.POST('/api/v1/integrations/{integration_id}/actions', { params, body, parseAs: 'text' }));
}

export function updateAction(actionId: string, body: UpdateAction): Promise<Action> {
  return exactData(
    api.PATCH('/api/v1/actions/{action_id}', { params: { path: { action_id: actionId } }, body, parseAs: 'text' }),
  );
}

export function deleteAction(actionId: string): Promise<unknown> {
  return data(api.DELETE('/api/v1/actions/{action_id}', { params: { path: { action_id: actionId } } }));
}

/** Test a saved action; `body` is JSON already, so that its numbers keep their digits. */
export async function testAction(actionId: string, body: string, signal: AbortSignal): Promise<Execution> {
  const answer = api.POST('/api/v1/actions/{action_id}/test', {
    params: { path: { action_id: actionId } },
    body: {},
    bodySerializer: () => body,
    parseAs: 'text',
    signal,
  });
  return readExecution(await data(answer));
}

/** An action was made, changed or removed: the lists and the counts are asked for again. */
export async function refreshActions(client: QueryClient, integrationId: string, action?: Action): Promise<void> {
  if (action) client.setQueryData(actionQuery(action.id).queryKey, action);
  await Promise.all([
    client.invalidateQueries({ queryKey: ['actions', 'list', integrationId] }),
    client.invalidateQueries({ queryKey: ['integrations', integrationId] }),
    client.invalidateQueries({ queryKey: ['integrations', 'list'] }),
  ]);
}
