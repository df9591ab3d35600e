// Every page with its address; each is loaded when it is first visited.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';

import { queries } from './api/queries';
import { sessionQuery } from './api/session';
import { basePath } from './base';
import { Loading } from './components/Loading';
import { SETUP_STEPS, type SetupStep } from './features/channels/channel';
import { chosenLanguage, showLanguage, wantAllTexts } from './i18n';
import { NotFoundPage, RouteProblem } from './layout/RouteProblem';
import { Shell } from './layout/Shell';

/** Loads a page together with the texts that the first ones do without. */
function withAllTexts<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return async () => {
    const [module] = await Promise.all([load(), wantAllTexts()]);
    return module;
  };
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage, errorComponent: RouteProblem });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./features/accounts/SetupPage'), 'SetupPage'),
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' && search.next.startsWith('/') && !search.next.startsWith('//')
      ? { next: search.next }
      : {},
  component: lazyRouteComponent(() => import('./features/accounts/LoginPage'), 'LoginPage'),
});

/** Everything behind the sign-in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } });
    const language = session.user?.language;
    if (!chosenLanguage() && (language === 'en' || language === 'es' || language === 'pt'))
      await showLanguage(language);
  },
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('./features/home/HomePage'), 'HomePage'),
});

const integrations = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations',
  validateSearch: (search: Record<string, unknown>): { search?: string } =>
    typeof search.search === 'string' && search.search !== '' ? { search: search.search } : {},
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/integrations/IntegrationsPage')),
    'IntegrationsPage',
  ),
});

const newIntegration = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations/new',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/integrations/NewIntegrationPage')),
    'NewIntegrationPage',
  ),
});

const integration = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations/$integrationId',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/integrations/IntegrationLayout')),
    'IntegrationLayout',
  ),
});

const integrationHome = createRoute({
  getParentRoute: () => integration,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/integrations/$integrationId/actions', params, replace: true });
  },
});

const integrationSettings = createRoute({
  getParentRoute: () => integration,
  path: '/settings',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/integrations/SettingsStep')),
    'SettingsStep',
  ),
});

const integrationAuthentication = createRoute({
  getParentRoute: () => integration,
  path: '/authentication',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/integrations/AuthenticationStep')),
    'AuthenticationStep',
  ),
});

const integrationTestRequest = createRoute({
  getParentRoute: () => integration,
  path: '/test-request',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/integrations/TestRequestStep')),
    'TestRequestStep',
  ),
});

const integrationCredentials = createRoute({
  getParentRoute: () => integration,
  path: '/credentials',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/credentials/CredentialsStep')),
    'CredentialsStep',
  ),
});

const integrationActions = createRoute({
  getParentRoute: () => integration,
  path: '/actions',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/actions/ActionsStep')),
    'ActionsStep',
  ),
});

export const ACTION_STEPS = ['details', 'inputs', 'request', 'test', 'outputs'] as const;
export type ActionStep = (typeof ACTION_STEPS)[number];
const actionSearch = (search: Record<string, unknown>): { step?: ActionStep } =>
  ACTION_STEPS.includes(search.step as ActionStep) ? { step: search.step as ActionStep } : {};

const newAction = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations/$integrationId/actions/new',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/actions/NewActionPage')),
    'NewActionPage',
  ),
});

const action = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations/$integrationId/actions/$actionId',
  validateSearch: actionSearch,
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/actions/ActionPage')),
    'ActionPage',
  ),
});

const flows = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows',
  validateSearch: (search: Record<string, unknown>): { search?: string } =>
    typeof search.search === 'string' && search.search !== '' ? { search: search.search } : {},
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/flows/FlowsPage')),
    'FlowsPage',
  ),
});

const flow = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows/$flowId',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/flows/FlowPage')),
    'FlowPage',
  ),
});

export interface ExecutionSearch {
  integration_id?: string;
  action_id?: string;
  credential_id?: string;
  kind?: string;
  outcome?: string;
  search?: string;
  since?: string;
  until?: string;
}
const EXECUTION_FILTERS = [
  'integration_id',
  'action_id',
  'credential_id',
  'kind',
  'outcome',
  'search',
  'since',
  'until',
] as const;

const executions = createRoute({
  getParentRoute: () => signedIn,
  path: '/executions',
  validateSearch: (search: Record<string, unknown>): ExecutionSearch =>
    Object.fromEntries(
      EXECUTION_FILTERS.filter((name) => typeof search[name] === 'string').map((name) => [name, search[name]]),
    ),
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/executions/ExecutionsPage')),
    'ExecutionsPage',
  ),
});

const execution = createRoute({
  getParentRoute: () => signedIn,
  path: '/executions/$executionId',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/executions/ExecutionPage')),
    'ExecutionPage',
  ),
});

const simulator = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows/$flowId/simulator',
  validateSearch: (search: Record<string, unknown>): { version?: number } => {
    const version = Number(search.version);
    return Number.isSafeInteger(version) && version > 0 ? { version } : {};
  },
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/simulator/SimulatorPage')),
    'SimulatorPage',
  ),
});

const flowStatistics = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows/$flowId/statistics',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/conversations/FlowStatistics')),
    'FlowStatistics',
  ),
});

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
    withAllTexts(() => import('./features/conversations/ConversationsPage')),
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
    withAllTexts(() => import('./features/inbox/InboxPage')),
    'InboxPage',
  ),
});

const conversation = createRoute({
  getParentRoute: () => signedIn,
  path: '/conversations/$conversationId',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/conversations/ConversationPage')),
    'ConversationPage',
  ),
});

const channels = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/channels/ChannelsPage')),
    'ChannelsPage',
  ),
});

const newChannel = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels/new',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/channels/NewChannelPage')),
    'NewChannelPage',
  ),
});

const channel = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels/$channelId',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/channels/ChannelPage')),
    'ChannelPage',
  ),
});

const channelSetup = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels/$channelId/setup',
  validateSearch: (search: Record<string, unknown>): { step?: SetupStep } =>
    SETUP_STEPS.includes(search.step as SetupStep) ? { step: search.step as SetupStep } : {},
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/channels/SetupPage')),
    'SetupPage',
  ),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  component: lazyRouteComponent(
    withAllTexts(() => import('./features/settings/SettingsLayout')),
    'SettingsLayout',
  ),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile', replace: true });
  },
});

const settingsPages = [
  createRoute({
    getParentRoute: () => settings,
    path: '/profile',
    component: lazyRouteComponent(
      withAllTexts(() => import('./features/settings/ProfilePage')),
      'ProfilePage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/members',
    component: lazyRouteComponent(
      withAllTexts(() => import('./features/settings/MembersPage')),
      'MembersPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/api-keys',
    component: lazyRouteComponent(
      withAllTexts(() => import('./features/settings/ApiKeysPage')),
      'ApiKeysPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/webhooks',
    component: lazyRouteComponent(
      withAllTexts(() => import('./features/settings/webhooks/WebhooksPage')),
      'WebhooksPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/webhooks/$webhookId',
    component: lazyRouteComponent(
      withAllTexts(() => import('./features/settings/webhooks/WebhookPage')),
      'WebhookPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/secrets',
    component: lazyRouteComponent(
      withAllTexts(() => import('./features/settings/SecretsPage')),
      'SecretsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/address-policy',
    component: lazyRouteComponent(
      withAllTexts(() => import('./features/settings/AddressPolicyPage')),
      'AddressPolicyPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/audit-log',
    component: lazyRouteComponent(
      withAllTexts(() => import('./features/settings/AuditLogPage')),
      'AuditLogPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/about',
    component: lazyRouteComponent(
      withAllTexts(() => import('./features/settings/AboutPage')),
      'AboutPage',
    ),
  }),
] as const;

const tree = root.addChildren([
  setup,
  login,
  signedIn.addChildren([
    home,
    integrations,
    newIntegration,
    newAction,
    action,
    integration.addChildren([
      integrationHome,
      integrationSettings,
      integrationAuthentication,
      integrationTestRequest,
      integrationCredentials,
      integrationActions,
    ]),
    flows,
    flow,
    simulator,
    flowStatistics,
    inbox,
    conversations,
    conversation,
    channels,
    newChannel,
    channel,
    channelSetup,
    executions,
    execution,
    settings.addChildren([settingsHome, ...settingsPages]),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  basepath: basePath || '/',
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: RouteProblem,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
  search: { strict: true },
});

window.addEventListener('recado:signed-out', () => {
  queries.setQueryData(sessionQuery.queryKey, null);
  if (!['/login', '/setup'].includes(router.state.location.pathname)) {
    void router.navigate({ to: '/login', search: { next: router.state.location.href } });
  }
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
