import { expect, test } from 'vitest';

import type { Execution, Integration } from '../../api/schema';
import { stepsOf } from './steps';

const integration = (id: string, credentials_count: number, actions_count: number) =>
  ({ id, credentials_count, actions_count }) as Integration;
const execution = (kind: Execution['kind'], outcome: Execution['outcome']) => ({ kind, outcome }) as Execution;
const done = (integrations: Integration[], executions: Execution[]) =>
  stepsOf(integrations, executions)
    .filter((step) => step.isDone)
    .map((step) => step.key);

test('an empty workspace begins with an integration', () => {
  expect(done([], [])).toEqual([]);
  expect(stepsOf([], [])[0]?.to).toBe('/integrations/new');
});

test('each step leads to the integration that lacks it', () => {
  const steps = stepsOf([integration('int_b', 0, 1), integration('int_a', 1, 0)], []);
  expect(steps.map((step) => step.to)).toEqual([
    '/integrations/new',
    '/integrations/int_b/credentials',
    '/integrations/int_a/actions',
    '/integrations/int_b/actions',
    '/settings/api-keys',
  ]);
});

test('a run that failed is not done', () => {
  expect(done([integration('int_a', 1, 1)], [execution('test', 'http_4xx')])).toEqual([
    'integration',
    'credential',
    'action',
  ]);
  expect(done([integration('int_a', 1, 1)], [execution('live', 'ok')])).toEqual([
    'integration',
    'credential',
    'action',
    'test',
    'live',
  ]);
});
