// What a chat with the simulator asks of the server.
import { queryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import { at } from '../../base';
import type { AsIf, Contact, ConversationShown, Said, SimConversation, Version } from './types';

// SHIM until the schema lands
interface Untyped {
  GET: (path: string, options: unknown) => Promise<{ data?: any }>;
  POST: (path: string, options: unknown) => Promise<{ data?: any }>;
  PUT: (path: string, options: unknown) => Promise<{ data?: any }>;
}
const raw = api as unknown as Untyped;

export interface Start {
  contact: Contact;
  variables: Record<string, unknown>;
}

const one = (id: string) => ({ params: { path: { conversation_id: id } } });

export function begin(flowId: string, version: Version, start: Start): Promise<SimConversation> {
  return data(raw.POST('/api/v1/simulator/conversations', { body: { flow_id: flowId, version, ...start } }));
}

export function say(id: string, said: Said): Promise<SimConversation> {
  return data(raw.POST('/api/v1/simulator/conversations/{conversation_id}/messages', { ...one(id), body: said }));
}

export function restart(id: string): Promise<SimConversation> {
  return data(raw.POST('/api/v1/simulator/conversations/{conversation_id}/restart', one(id)));
}

export function jump(id: string, blockId: string): Promise<SimConversation> {
  return data(
    raw.POST('/api/v1/simulator/conversations/{conversation_id}/jump', { ...one(id), body: { block_id: blockId } }),
  );
}

export function answerAsIf(id: string, changes: Record<string, AsIf | null>): Promise<unknown> {
  return data(raw.PUT('/api/v1/simulator/conversations/{conversation_id}/as-if', { ...one(id), body: changes }));
}

export function eventsOf(id: string): string {
  return at(`/api/v1/simulator/conversations/${encodeURIComponent(id)}/events`);
}

/** Everything that is known of a conversation, of a simulated one too. */
export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversations', 'one', id],
    queryFn: (): Promise<ConversationShown> => data(raw.GET('/api/v1/conversations/{conversation_id}', one(id))),
  });
