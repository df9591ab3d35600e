// The pages of integrations, their credentials and their actions.
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';

import { signedIn, withAllTexts } from './frame';

const integrations = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations',
  validateSearch: (search: Record<string, unknown>): { search?: string } =>
    typeof search.search === 'string' && search.search !== '' ? { search: search.search } : {},
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/integrations/IntegrationsPage')),
    'IntegrationsPage',
  ),
});

const newIntegration = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations/new',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/integrations/NewIntegrationPage')),
    'NewIntegrationPage',
  ),
});

const integration = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations/$integrationId',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/integrations/IntegrationLayout')),
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
    withAllTexts(() => import('../features/integrations/SettingsStep')),
    'SettingsStep',
  ),
});

const integrationAuthentication = createRoute({
  getParentRoute: () => integration,
  path: '/authentication',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/integrations/AuthenticationStep')),
    'AuthenticationStep',
  ),
});

const integrationTestRequest = createRoute({
  getParentRoute: () => integration,
  path: '/test-request',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/integrations/TestRequestStep')),
    'TestRequestStep',
  ),
});

const integrationCredentials = createRoute({
  getParentRoute: () => integration,
  path: '/credentials',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/credentials/CredentialsStep')),
    'CredentialsStep',
  ),
});

const integrationActions = createRoute({
  getParentRoute: () => integration,
  path: '/actions',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/actions/ActionsStep')),
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
    withAllTexts(() => import('../features/actions/NewActionPage')),
    'NewActionPage',
  ),
});

const action = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations/$integrationId/actions/$actionId',
  validateSearch: actionSearch,
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/actions/ActionPage')),
    'ActionPage',
  ),
});

export const integrationPages = [
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
] as const;
