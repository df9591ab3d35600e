// What the page of contacts asks of the server and changes through it.
import { infiniteQueryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';
import type { components } from '../../api/schema';
import type { ContactSearch } from '../../routes/conversations';

export type Contact = components['schemas']['ChannelContact'];
type Change = components['schemas']['UpdateContact'];

const DAY_MS = 86_400_000;
/** A pause of longer than this has no end. */
const ENDLESS_MS = 100 * 365 * DAY_MS;

export const contactsQuery = (filters: ContactSearch) =>
  infiniteQueryOptions({
    queryKey: ['contacts', filters],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      data(api.GET('/api/v1/contacts', { params: { query: { ...filters, cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (earlier) => earlier,
  });

export const updateContact = (id: string, body: Change) =>
  data(api.PATCH('/api/v1/contacts/{contact_id}', { params: { path: { contact_id: id } }, body }));

export const beginConversation = (body: components['schemas']['BeginConversation']) =>
  data(api.POST('/api/v1/conversations', { body }));

export function isPaused({ paused_until }: Contact, now: number): boolean {
  return paused_until !== null && Date.parse(paused_until) > now;
}

/** When flows speak to them again by themselves; null where somebody has to take the pause back. */
export function pauseEnd({ paused_until }: Contact, now: number): string | null {
  return paused_until !== null && Date.parse(paused_until) - now < ENDLESS_MS ? paused_until : null;
}

/** Whether anything may be said to them without a template: 24 hours from what they wrote last. */
export function isWindowOpen({ last_message_at }: Contact, now: number): boolean {
  return last_message_at !== null && now - Date.parse(last_message_at) < DAY_MS;
}
