// The pages of conversations: the inbox, the list and each of them, with whom they are, and many begun at once.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { PERSON_STATES, type PersonStatus } from '../features/batches/queries';
import { signedIn, withAllTexts } from './frame';

export interface ConversationSearch {
  flow_id?: string;
  status?: string;
  channel_id?: string;
  search?: string;
  since?: string;
  until?: string;
}
const CONVERSATION_FILTERS = ['flow_id', 'status', 'channel_id', 'search', 'since', 'until'] as const;

const conversations = createRoute({
  getParentRoute: () => signedIn,
  path: '/conversations',
  validateSearch: (search: Record<string, unknown>): ConversationSearch =>
    Object.fromEntries(
      CONVERSATION_FILTERS.filter((name) => typeof search[name] === 'string').map((name) => [name, search[name]]),
    ),
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/conversations/ConversationsPage')),
    'ConversationsPage',
  ),
});

interface InboxSearch {
  conversation?: string;
  show?: 'with_agent' | 'waiting';
}
const inboxSearch = (search: Record<string, unknown>): InboxSearch => ({
  ...(typeof search.conversation === 'string' ? { conversation: search.conversation } : {}),
  ...(search.show === 'waiting' ? { show: 'waiting' as const } : {}),
});

const inbox = createRoute({
  getParentRoute: () => signedIn,
  path: '/inbox',
  validateSearch: inboxSearch,
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/inbox/InboxPage')),
    'InboxPage',
  ),
});

const conversation = createRoute({
  getParentRoute: () => signedIn,
  path: '/conversations/$conversationId',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/conversations/ConversationPage')),
    'ConversationPage',
  ),
});

export interface ContactSearch {
  channel_id?: string;
  search?: string;
}

const CONTACT_FILTERS = ['channel_id', 'search'] as const;

const contacts = createRoute({
  getParentRoute: () => signedIn,
  path: '/contacts',
  validateSearch: (search: Record<string, unknown>): ContactSearch =>
    Object.fromEntries(
      CONTACT_FILTERS.filter((name) => typeof search[name] === 'string').map((name) => [name, search[name]]),
    ),
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/contacts/ContactsPage')),
    'ContactsPage',
  ),
});

const batches = createRoute({
  getParentRoute: () => signedIn,
  path: '/batches',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/batches/BatchesPage')),
    'BatchesPage',
  ),
});

const newBatch = createRoute({
  getParentRoute: () => signedIn,
  path: '/batches/new',
  validateSearch: (search: Record<string, unknown>): { channel_id?: string } =>
    typeof search.channel_id === 'string' ? { channel_id: search.channel_id } : {},
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/batches/NewBatchPage')),
    'NewBatchPage',
  ),
});

const batch = createRoute({
  getParentRoute: () => signedIn,
  path: '/batches/$batchId',
  validateSearch: (search: Record<string, unknown>): { show?: PersonStatus } => {
    const show = PERSON_STATES.find((state) => state === search.show);
    return show ? { show } : {};
  },
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/batches/BatchPage')),
    'BatchPage',
  ),
});

export const conversationPages = [inbox, conversations, conversation, contacts, batches, newBatch, batch] as const;
