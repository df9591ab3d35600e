// How far a workspace has come: the first steps in their order, and where each is done.
import type { Execution, Integration } from '../../api/schema';

export interface Step {
  key: 'integration' | 'credential' | 'action' | 'test' | 'live';
  isDone: boolean;
  to: string;
}

function at(integration: Integration | undefined, step: string): string {
  return integration ? `/integrations/${integration.id}/${step}` : '/integrations/new';
}

/** The first steps; each leads to the integration that lacks it. */
export function stepsOf(integrations: Integration[], executions: Execution[]): Step[] {
  const last = integrations[0];
  const lacking = (count: 'credentials_count' | 'actions_count') =>
    integrations.find((each) => each[count] === 0) ?? last;
  const has = (count: 'credentials_count' | 'actions_count') => integrations.some((each) => each[count] > 0);
  const ran = (kind: Execution['kind']) => executions.some((each) => each.kind === kind && each.outcome === 'ok');
  return [
    { key: 'integration', isDone: integrations.length > 0, to: '/integrations/new' },
    { key: 'credential', isDone: has('credentials_count'), to: at(lacking('credentials_count'), 'credentials') },
    { key: 'action', isDone: has('actions_count'), to: at(lacking('actions_count'), 'actions') },
    {
      key: 'test',
      isDone: ran('test') || ran('live'),
      to: at(integrations.find((each) => each.actions_count > 0) ?? last, 'actions'),
    },
    { key: 'live', isDone: ran('live'), to: '/settings/api-keys' },
  ];
}
