// The pages of flows and their simulator, and those of executions.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { signedIn, withAllTexts } from './frame';

const flows = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows',
  validateSearch: (search: Record<string, unknown>): { search?: string } =>
    typeof search.search === 'string' && search.search !== '' ? { search: search.search } : {},
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/flows/FlowsPage')),
    'FlowsPage',
  ),
});

const flow = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows/$flowId',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/flows/FlowPage')),
    'FlowPage',
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
    withAllTexts(() => import('../features/simulator/SimulatorPage')),
    'SimulatorPage',
  ),
});

const flowStatistics = createRoute({
  getParentRoute: () => signedIn,
  path: '/flows/$flowId/statistics',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/conversations/FlowStatistics')),
    'FlowStatistics',
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
    withAllTexts(() => import('../features/executions/ExecutionsPage')),
    'ExecutionsPage',
  ),
});

const execution = createRoute({
  getParentRoute: () => signedIn,
  path: '/executions/$executionId',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/executions/ExecutionPage')),
    'ExecutionPage',
  ),
});

export const flowPages = [flows, flow, simulator, flowStatistics, executions, execution] as const;
