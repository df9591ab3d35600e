// A failure is explained by its kind, with the API's own words where it said any.
import { expect, test } from 'vitest';

import type { Execution } from '../../api/schema';
import { apiMessage, explain } from './explain';

test.each([
  ['{"message":"Account not found"}', 'Account not found'],
  ['{"code":10404,"message":"Account not found","http_code":404}', 'Account not found'],
  ['{"error":{"code":"x","message":"Bad field"}}', 'Bad field'],
  ['{"error":"invalid_grant","error_description":"Token expired"}', 'Token expired'],
  ['{"errors":[{"detail":"Too short"}]}', 'Too short'],
  ['{"Message":"Denied"}', 'Denied'],
  ['["first"]', 'first'],
  ['{"status":404}', null],
  ['<html>', null],
  ['', null],
])('%s says %s', (body, message) => {
  expect(apiMessage(body)).toBe(message);
});

const failed = (code: string, outcome: Execution['outcome'], status = 0, body = '') =>
  ({
    error: { code, message: '', is_retryable: false },
    outcome,
    response: status ? { status, headers: [], body, body_encoding: 'text' } : null,
  }) as unknown as Execution;

test('each kind of failure has its remedy', () => {
  expect(explain(failed('endpoint_dns_failed', 'network'))).toEqual({
    kind: 'dns',
    remedy: 'request',
    apiMessage: null,
  });
  expect(explain(failed('auth_refused', 'auth_failed', 401, '{"message":"No key"}'))).toEqual({
    kind: 'auth',
    remedy: 'credentials',
    apiMessage: 'No key',
  });
  expect(explain(failed('http_client_error', 'http_4xx', 404))).toMatchObject({ kind: 'notFound', remedy: 'request' });
  expect(explain(failed('http_client_error', 'http_4xx', 422))).toMatchObject({ kind: 'client' });
  expect(explain(failed('input_type', 'input_invalid'))).toMatchObject({ kind: 'input', remedy: 'inputs' });
  expect(explain(failed('endpoint_host_invalid', 'blocked'))).toMatchObject({
    kind: 'blocked',
    remedy: 'address-policy',
  });
  expect(explain(failed('something_new', 'bad_response'))).toMatchObject({ kind: 'other', remedy: null });
});

test('what went well needs no explanation', () => {
  expect(explain({ error: null } as Execution)).toBeNull();
});
