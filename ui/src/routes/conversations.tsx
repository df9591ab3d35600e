// The pages of conversations: the inbox, the list and each of them.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

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

export const conversationPages = [inbox, conversations, conversation] as const;
