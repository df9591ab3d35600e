// What a chat with the simulator asks of the server.
import { queryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import { offline, problemOf } from '../../api/problem';
import type { AsIf, components, Conversation } from '../../api/schema';
import { at } from '../../base';
import type { MediaIn, Said, Version } from './types';

/** Who is pretended to write, and values for variables of the flow. */
export interface Start {
  contact: { name?: string; phone?: string };
  variables: Record<string, unknown>;
}

const one = (id: string) => ({ path: { conversation_id: id } });

export function begin(flowId: string, version: Version, start: Start) {
  return data(api.POST('/api/v1/simulator/conversations', { body: { flow_id: flowId, version, ...start } }));
}

export function say(id: string, said: Said) {
  const body = said as components['schemas']['SendMessage'];
  return data(api.POST('/api/v1/simulator/conversations/{conversation_id}/messages', { params: one(id), body }));
}

/** Upload a file, so that what follows can use what is in it; one that the server does not keep is only pretended. */
export async function uploaded(id: string, media: MediaIn, file: File): Promise<MediaIn> {
  const query = new URLSearchParams({ filename: file.name, content_type: media.mime_type ?? '' });
  const path = `/api/v1/simulator/conversations/${encodeURIComponent(id)}/media?${query.toString()}`;
  const headers = { accept: 'application/json', 'content-type': 'application/octet-stream' };
  const answer = await fetch(at(path), { method: 'POST', credentials: 'same-origin', headers, body: file }).catch(
    () => {
      throw offline();
    },
  );
  if (answer.status === 413 || answer.status === 415) return media;
  if (!answer.ok) throw await problemOf(answer);
  const { id: mediaId } = (await answer.json()) as components['schemas']['UploadedMedia'];
  return { ...media, id: mediaId };
}

export function restart(id: string) {
  return data(api.POST('/api/v1/simulator/conversations/{conversation_id}/restart', { params: one(id) }));
}

export function jump(id: string, blockId: string) {
  return data(
    api.POST('/api/v1/simulator/conversations/{conversation_id}/jump', {
      params: one(id),
      body: { block_id: blockId },
    }),
  );
}

/** Have the next calls of blocks answered so; null has them sent again. */
export function answerAsIf(id: string, changes: Record<string, AsIf | null>) {
  return data(api.PUT('/api/v1/simulator/conversations/{conversation_id}/as-if', { params: one(id), body: changes }));
}

export function eventsOf(id: string): string {
  return at(`/api/v1/simulator/conversations/${encodeURIComponent(id)}/events`);
}

/** Everything that is known of a conversation, of a simulated one too. */
export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversations', 'one', id],
    queryFn: (): Promise<Conversation> => data(api.GET('/api/v1/conversations/{conversation_id}', { params: one(id) })),
  });
