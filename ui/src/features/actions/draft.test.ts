// An edited action knows what was changed, whom errors belong to, and how to go together with somebody else's changes.
import { expect, test } from 'vitest';

import type { Action } from '../../api/schema';
import { moveRow } from '../../components/rows';
import {
  bodyOf,
  changedParts,
  draftOf,
  EMPTY_DRAFT,
  identifyOutput,
  keyInput,
  keyOutput,
  liveSlip,
  merge,
  nameInput,
  nameOfKey,
  newInput,
  newOutput,
  partOf,
  referredAs,
  stepOf,
  withRowIds,
} from './draft';

const action: Action = {
  id: 'act_1',
  integration_id: 'int_1',
  name: 'Find order',
  description: '',
  is_private: false,
  is_damaged: false,
  created_at: '2026-11-22T10:00:00Z',
  updated_at: '2026-11-22T10:00:00Z',
  inputs: [{ key: 'order_id', name: 'Order', type: 'string', required: true }],
  request: {
    method: 'GET',
    endpoint: 'https://api.acme.example/{{inputs.order_id}}',
    query: [],
    headers: [{ key: 'X-Key', value: '{{auth.api_key}}', send_empty: false, allow_utf8: false }],
    body: { type: 'none' },
    follow_redirects: false,
  },
  outputs: [{ key: 'id', name: 'Id', identifier: 'id', type: 'string', required: true }],
};

test('what was not touched is not changed', () => {
  expect(changedParts(draftOf(action), draftOf(action))).toEqual([]);
  const same = {
    ...draftOf(action),
    request: {
      follow_redirects: false,
      endpoint: 'https://api.acme.example/{{inputs.order_id}}',
      method: 'GET' as const,
      headers: [{ value: '{{auth.api_key}}', key: 'X-Key', send_empty: false, allow_utf8: false }],
      timeout_seconds: null,
      body: { type: 'none' as const, fields: null },
    },
  };
  expect(changedParts(draftOf(action), same)).toEqual([]);
});

test('every change is seen', () => {
  const draft = draftOf(action);
  const request = action.request!;
  expect(changedParts(draft, { ...draft, name: 'Other', outputs: [] })).toEqual(['name', 'outputs']);
  expect(changedParts(draft, { ...draft, request: { ...request, method: 'POST' } })).toEqual(['request']);
  expect(
    changedParts(draft, {
      ...draft,
      request: { ...request, headers: [{ key: 'X-Key', value: '', send_empty: true, allow_utf8: false }] },
    }),
  ).toEqual(['request']);
  expect(
    changedParts(draft, { ...draft, request: { ...request, body: { type: 'json', json: { a: false } } } }),
  ).toEqual(['request']);
  expect(changedParts(draft, { ...draft, inputs: [{ ...draft.inputs[0]!, required: false }] })).toEqual(['inputs']);
});

test('a request that nobody began is none', () => {
  const begun = { ...EMPTY_DRAFT, request: { method: 'GET' as const, endpoint: '', follow_redirects: false } };
  expect(changedParts(EMPTY_DRAFT, begun)).toEqual([]);
  expect(bodyOf(begun).request).toBeNull();
});

test('an output without an identifier leaves it to the server', () => {
  const [output] = bodyOf({ ...EMPTY_DRAFT, outputs: [{ ...newOutput(), key: 'id', name: 'Id' }] }).outputs;
  expect(output).toEqual({ key: 'id', name: 'Id', identifier: null, type: 'string', required: true });
});

test('changes of others come in where nothing was edited here', () => {
  const base = draftOf(action);
  const mine = { ...base, name: 'Mine' };
  const theirs = { ...base, description: 'Theirs' };
  const merged = merge(base, mine, theirs);
  expect([merged.draft.name, merged.draft.description, merged.conflicts]).toEqual(['Mine', 'Theirs', []]);
});

test('what both changed is a conflict, and stays as it is here', () => {
  const base = draftOf(action);
  const merged = merge(base, { ...base, name: 'Mine' }, { ...base, name: 'Theirs' });
  expect([merged.draft.name, merged.conflicts]).toEqual(['Mine', ['name']]);
  expect(merge(base, { ...base, name: 'Same' }, { ...base, name: 'Same' }).conflicts).toEqual([]);
});

test('errors belong to a step', () => {
  expect(
    ['name', 'is_private', 'inputs[0].key', 'request.headers[0].value', 'outputs', 'credential_id'].map(stepOf),
  ).toEqual(['details', 'details', 'inputs', 'request', 'outputs', null]);
  expect(partOf('inputs[0].key')).toBe('inputs');
});

test('a key follows the name until it is typed, and again when it is emptied', () => {
  let row = nameInput(newInput(), 'Account ID');
  expect(row.key).toBe('account_id');
  row = nameInput(keyInput(row, 'account'), 'Other');
  expect(row.key).toBe('account');
  expect(nameInput(keyInput(row, ''), 'Other').key).toBe('other');
});

test('an identifier follows the key, and keeps clear of others', () => {
  const others = [{ ...newOutput(), identifier: 'id' }];
  const row = keyOutput(newOutput(), 'data.id', others);
  expect(row.identifier).toBe('id_2');
  expect(keyOutput(identifyOutput(row, 'mine'), 'other', others).identifier).toBe('mine');
  expect(nameOfKey("data['2FA code']")).toBe('2fa code');
  expect(nameOfKey('data.userId')).toBe('User id');
});

test('identifiers are checked while they are typed', () => {
  expect(['', 'ok', 'No', '_a', 'a_', 'taken'].map((text) => liveSlip(text, ['taken']))).toEqual([
    null,
    null,
    'characters',
    'start',
    'end',
    'twice',
  ]);
});

test('rows move, and keep their ids when they are saved', () => {
  expect(moveRow(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  expect(moveRow(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
  const draft = draftOf(action);
  expect(withRowIds(draftOf(action), draft).inputs[0]!.id).toBe(draft.inputs[0]!.id);
});

test('a request calls an input by its old key, its new one, or not at all', () => {
  const { inputs, request } = draftOf(action);
  const [row] = inputs;
  expect(referredAs(row!, inputs, request)).toBe('order_id');
  expect(referredAs({ ...row!, key: 'other' }, inputs, request)).toBe('order_id');
  const added = keyInput(newInput(), 'order_id');
  expect(referredAs(added, [added], request)).toBe('order_id');
  expect(referredAs(added, [...inputs, added], request)).toBeNull();
  expect(referredAs(newInput(), inputs, request)).toBeNull();
});
