// What the pages ask of the server about message templates.
import { queryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';

const MINUTE_MS = 60_000;

export const fetchTemplates = (channelId: string, isFresh: boolean) =>
  data(
    api.GET('/api/v1/channels/{channel_id}/templates', {
      params: { path: { channel_id: channelId }, query: { fresh: isFresh } },
    }),
  );

/** The templates of a channel's account; Meta is asked, so not again and again. */
export const templatesQuery = (channelId: string) =>
  queryOptions({
    queryKey: ['templates', channelId],
    queryFn: () => fetchTemplates(channelId, false),
    staleTime: MINUTE_MS,
    refetchOnWindowFocus: false,
  });
