// What people of the team do in conversations.
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { components, Conversation } from '../../api/schema';
import { conversationQuery } from '../simulator/queries';

export type Written = components['schemas']['AgentMessage'];
export type AgentVerb = 'take-over' | 'give-back' | 'close';

const one = (id: string) => ({ path: { conversation_id: id } });

function act(id: string, verb: AgentVerb): Promise<Conversation> {
  switch (verb) {
    case 'take-over':
      return data(api.POST('/api/v1/conversations/{conversation_id}/take-over', { params: one(id) }));
    case 'give-back':
      return data(api.POST('/api/v1/conversations/{conversation_id}/give-back', { params: one(id) }));
    case 'close':
      return data(api.POST('/api/v1/conversations/{conversation_id}/close', { params: one(id) }));
  }
}

function write(id: string, body: Written): Promise<Conversation> {
  return data(api.POST('/api/v1/conversations/{conversation_id}/messages', { params: one(id), body }));
}

/** Takes over, gives back or closes; the lists are asked for anew, whatever came of it. */
export function useAgentVerb(id: string) {
  return useTold(id, (verb: AgentVerb) => act(id, verb));
}

/** Writes to the person. */
export function useWriting(id: string) {
  return useTold(id, (body: Written) => write(id, body));
}

function useTold<Given>(id: string, work: (given: Given) => Promise<Conversation>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: (conversation) => client.setQueryData(conversationQuery(id).queryKey, conversation),
    onSettled: () => client.invalidateQueries({ queryKey: ['conversations'] }),
  });
}
