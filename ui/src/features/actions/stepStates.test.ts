// @vitest-environment jsdom
// Each step says how far it is.
import { expect, test } from 'vitest';

import type { Execution } from '../../api/schema';
import { EMPTY_DRAFT, newInput, newOutput, type ActionDraft } from './draft';
import { stepStates } from './stepStates';

const known = (changes: Partial<Parameters<typeof stepStates>[0]> = {}) =>
  stepStates({ draft: EMPTY_DRAFT, isSaved: true, errors: {}, lastTest: null, ...changes });
const tested = (outcome: Execution['outcome'], body = '{}') =>
  ({
    id: 'exe_1',
    state: 'finished',
    outcome,
    response: { status: 200, headers: [], body, body_encoding: 'text', is_truncated: false },
  }) as unknown as Execution;
const output = { ...newOutput(), key: 'id', name: 'Id', identifier: 'id' };
const full: ActionDraft = {
  ...EMPTY_DRAFT,
  name: 'Find',
  inputs: [newInput()],
  outputs: [output],
  request: { method: 'GET', endpoint: 'https://api.acme.example', follow_redirects: false },
};

test('a new action has everything before it', () => {
  expect(known({ isSaved: false })).toEqual({
    details: 'missing',
    inputs: 'none',
    request: 'missing',
    test: 'missing',
    outputs: 'none',
  });
});

test('what is there is done', () => {
  expect(known({ draft: full, lastTest: tested('ok', '{"id":"1"}') })).toEqual({
    details: 'done',
    inputs: 'done',
    request: 'done',
    test: 'done',
    outputs: 'done',
  });
});

test('an output that the last answer lacks needs a look', () => {
  expect(known({ draft: full, lastTest: tested('output_missing', '{}') })).toMatchObject({
    test: 'warning',
    outputs: 'warning',
  });
});

test('an error is shown at its step', () => {
  expect(known({ draft: full, errors: { 'request.endpoint': 'No', 'inputs[0].key': 'No' } })).toMatchObject({
    details: 'done',
    inputs: 'error',
    request: 'error',
  });
});

test('an answer that failed says nothing of outputs', () => {
  const refused = {
    ...tested('http_4xx'),
    response: { status: 404, headers: [], body: '{}', body_encoding: 'text' },
  } as unknown as Execution;
  expect(known({ draft: full, lastTest: refused })).toMatchObject({ test: 'warning', outputs: 'done' });
});
