// What a chat with the simulator asks of the server.
import { queryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { AsIf, components, Conversation } from '../../api/schema';
import { at } from '../../base';
import type { Said, Version } from './types';

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
