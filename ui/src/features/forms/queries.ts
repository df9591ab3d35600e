// What the pages of forms ask of the server and change through it.
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Form = Schemas['Form'];
export type ListedForm = Schemas['ListedForm'];
export type FlowKey = Schemas['FlowKeyShown'];
export type Tried = Schemas['TriedForm'];

export const formsQuery = (channelId: string) =>
  infiniteQueryOptions({
    queryKey: ['forms', 'list', channelId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/v1/channels/{channel_id}/forms', {
          params: { path: { channel_id: channelId }, query: { cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const formQuery = (formId: string) =>
  queryOptions({
    queryKey: ['forms', 'one', formId],
    queryFn: () => data(api.GET('/api/v1/forms/{form_id}', { params: { path: { form_id: formId } } })),
    refetchOnWindowFocus: false,
  });

export const flowKeyQuery = (channelId: string) =>
  queryOptions({
    queryKey: ['flow-key', channelId],
    queryFn: () =>
      data(api.GET('/api/v1/channels/{channel_id}/flow-key', { params: { path: { channel_id: channelId } } })),
    refetchOnWindowFocus: false,
  });

export const makeFlowKey = (channelId: string, isNew: boolean) =>
  data(
    api.POST('/api/v1/channels/{channel_id}/flow-key', {
      params: { path: { channel_id: channelId } },
      body: { is_new: isNew },
    }),
  );

export const createForm = (channelId: string, body: Pick<Schemas['CreateForm'], 'name' | 'flow_id'>) =>
  data(api.POST('/api/v1/channels/{channel_id}/forms', { params: { path: { channel_id: channelId } }, body }));

export const updateForm = (formId: string, body: Schemas['UpdateForm']) =>
  data(api.PATCH('/api/v1/forms/{form_id}', { params: { path: { form_id: formId } }, body }));

export const deleteForm = (formId: string) =>
  data(api.DELETE('/api/v1/forms/{form_id}', { params: { path: { form_id: formId } } }));

export const tryForm = (formId: string, body: Schemas['TryForm']) =>
  data(api.POST('/api/v1/forms/{form_id}/try', { params: { path: { form_id: formId } }, body }));

/** A form was made, changed or removed. */
export async function refreshForms(client: QueryClient, form?: Form): Promise<void> {
  if (form) client.setQueryData(formQuery(form.id).queryKey, form);
  await Promise.all([
    client.invalidateQueries({ queryKey: ['forms', 'list'] }),
    client.invalidateQueries({ queryKey: ['forms', 'choices'] }),
  ]);
}
