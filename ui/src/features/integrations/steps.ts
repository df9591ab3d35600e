// The steps that make an integration ready, in order, and which of them are done.
import { ExactNumber } from '../../api/exactJson';
import type { Integration, Request } from '../../api/schema';

export const STEPS = ['settings', 'authentication', 'test-request', 'credentials', 'actions'] as const;
export type Step = (typeof STEPS)[number];
export type StepState = 'done' | 'missing' | 'broken';

export const STEP_PATHS = {
  settings: '/integrations/$integrationId/settings',
  authentication: '/integrations/$integrationId/authentication',
  'test-request': '/integrations/$integrationId/test-request',
  credentials: '/integrations/$integrationId/credentials',
  actions: '/integrations/$integrationId/actions',
} as const satisfies Record<Step, string>;

/** The same as one text, for links that are made from other components. */
export function stepPath(step: Step, integrationId: string): string {
  return `/integrations/${integrationId}/${step}`;
}

type Known = Pick<Integration, 'auth' | 'test_request' | 'credentials_count' | 'actions_count'>;

/** How far each step is. A test request that refers to a field that is gone is broken. */
export function stepStates(integration: Known): Record<Step, StepState> {
  const { auth, test_request: request } = integration;
  const known = new Set((auth.fields ?? []).map(({ identifier }) => identifier));
  const isBroken = request !== null && referencesOf(request).some((identifier) => !known.has(identifier));
  return {
    settings: 'done',
    authentication: known.size > 0 ? 'done' : 'missing',
    'test-request': request === null ? 'missing' : isBroken ? 'broken' : 'done',
    credentials: integration.credentials_count > 0 ? 'done' : 'missing',
    actions: integration.actions_count > 0 ? 'done' : 'missing',
  };
}

/** The first step that is not done; the actions where all are. */
export function nextStep(integration: Known): Step {
  const states = stepStates(integration);
  return STEPS.find((step) => states[step] !== 'done') ?? 'actions';
}

/** The identifiers of the authentication fields that a request refers to, each once. */
export function referencesOf(request: unknown): string[] {
  const found = JSON.stringify(request).matchAll(/\{\{[ \t]*auth\.([a-z0-9_]+)[ \t]*\}\}/g);
  return [...new Set(Array.from(found, (match) => match[1] ?? ''))];
}

/** The request with each `{{auth.old}}` written as `{{auth.new}}`, all at once, so that two names may change places. */
export function renameReferences<T>(value: T, names: Record<string, string>): T {
  if (typeof value === 'string') {
    return value.replace(/\{\{[ \t]*auth\.([a-z0-9_]+)[ \t]*\}\}/g, (whole, identifier: string) =>
      Object.hasOwn(names, identifier) ? `{{auth.${names[identifier]}}}` : whole,
    ) as T;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => renameReferences(item, names)) as T;
  if (value !== null && typeof value === 'object' && !(value instanceof ExactNumber)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, renameReferences(item as unknown, names)]),
    ) as T;
  }
  return value;
}

/** Methods that only ask: trying them out changes nothing. */
export function isHarmless(method: Request['method']): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
