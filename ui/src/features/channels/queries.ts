// What the pages of channels ask of the API and change through it. A secret goes in sealed and is never kept here.
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { Channel, CreateChannel, SealedValue, UpdateChannel } from '../../api/schema';

const PAGE = 50;
const MOST = 200;

export type Secrets = Record<string, SealedValue | string | null>;

export const channelsQuery = infiniteQueryOptions({
  queryKey: ['channels', 'list'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam }) =>
    data(api.GET('/api/v1/channels', { params: { query: { limit: PAGE, cursor: pageParam } } })),
  getNextPageParam: (page) => page.next_cursor,
});

/** All channels, for choosing one. */
export const channelChoicesQuery = queryOptions({
  queryKey: ['channels', 'choices'],
  queryFn: async () => (await data(api.GET('/api/v1/channels', { params: { query: { limit: MOST } } }))).items,
});

export const channelQuery = (channelId: string) =>
  queryOptions({
    queryKey: ['channels', channelId],
    queryFn: () => data(api.GET('/api/v1/channels/{channel_id}', { params: { path: { channel_id: channelId } } })),
  });

export const createChannel = (body: CreateChannel) => data(api.POST('/api/v1/channels', { body }));

export const setSecrets = (channelId: string, body: Secrets) =>
  data(api.PUT('/api/v1/channels/{channel_id}/secrets', { params: { path: { channel_id: channelId } }, body }));

const refreshLists = (client: QueryClient) =>
  Promise.all([
    client.invalidateQueries({ queryKey: channelsQuery.queryKey }),
    client.invalidateQueries({ queryKey: channelChoicesQuery.queryKey }),
  ]);

/** Put what the server answered in place of what is shown, and ask again for the lists. */
export function useShown() {
  const client = useQueryClient();
  return async (channel: Channel) => {
    client.setQueryData(channelQuery(channel.id).queryKey, channel);
    await refreshLists(client);
  };
}

export function useUpdateChannel(channelId: string) {
  const show = useShown();
  return useMutation({
    mutationFn: (body: UpdateChannel) =>
      data(api.PATCH('/api/v1/channels/{channel_id}', { params: { path: { channel_id: channelId } }, body })),
    onSuccess: show,
  });
}

export function useCheckChannel(channelId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (subscribe: boolean) =>
      data(
        api.POST('/api/v1/channels/{channel_id}/check', {
          params: { path: { channel_id: channelId }, query: { subscribe } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['channels'] }),
  });
}

export function useDeleteChannel(channelId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      data(
        api.DELETE('/api/v1/channels/{channel_id}', {
          params: { path: { channel_id: channelId }, query: { force: true } },
        }),
      ),
    onSuccess: () => refreshLists(client), // not itself: its page is still there and would ask for what is gone
  });
}
