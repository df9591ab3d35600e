// An answer gives the same outputs here as on the server.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import type { Candidate } from '../../api/schema';
import { parseJson, writeJson, type JsonNode } from './json';
import { walk } from './keys';
import { convert, pickOutput, suggestIdentifier, type Answer, type OutputType } from './outputs';

const table = parseJson(readFileSync('../tests/outputs/conversions.json', 'utf8'))!;
const cases = (table.kind === 'list' ? table.items : []).map((each) => ({
  type: (walk(each, ['type']) as { value: string }).value as OutputType,
  raw: walk(each, ['raw'])!,
  value: walk(each, ['value']),
  name: writeJson(each),
}));

test('there are cases', () => {
  expect(cases.length).toBeGreaterThan(50);
});

test.each(cases)('$name', ({ type, raw, value }) => {
  const converted = convert(raw, type);
  expect(converted && writeJson(converted)).toBe(value ? writeJson(value) : null);
});

const text = '{"id": 12345678901234567890, "none": null, "user": {"name": "Ana"}}';
const answer: Answer = {
  status: 200,
  headers: [{ key: 'Retry-After', value: '30' }],
  text,
  root: parseJson(text),
  isShape: false,
  candidates: null,
};

test.each<[string, OutputType, string, JsonNode | undefined]>([
  ['id', 'integer', 'found', { kind: 'number', text: '12345678901234567890' }],
  ['id', 'string', 'found', { kind: 'string', value: '12345678901234567890' }],
  ['none', 'string', 'null', undefined],
  ['nothing', 'string', 'missing', undefined],
  [
    'user',
    'string',
    'wrong_type',
    { kind: 'object', members: [{ key: 'name', node: { kind: 'string', value: 'Ana' } }] },
  ],
  ['$status', 'integer', 'found', { kind: 'number', text: '200' }],
  ['$headers.retry-after', 'integer', 'found', { kind: 'number', text: '30' }],
  ['$headers.etag', 'string', 'missing', undefined],
  ['$body', 'string', 'found', { kind: 'string', value: text }],
])('%s as %s is %s', (key, type, result, value) => {
  expect(pickOutput(key, type, answer)).toEqual(value ? { result, value } : { result });
});

test('a key that is none says where', () => {
  expect(pickOutput('a..b', 'string', answer)).toEqual({
    result: 'wrong_key',
    problem: { position: 3, isTooLong: false },
  });
});

test('shapes tell what is there, not what it holds', () => {
  const shape = {
    ...answer,
    isShape: true,
    root: parseJson('{"id": "integer", "none": "null", "list": [{"a": "string"}]}'),
  };
  expect(pickOutput('id', 'integer', shape)).toEqual({ result: 'hidden' });
  expect(pickOutput('list[3].a', 'string', shape)).toEqual({ result: 'hidden' });
  expect(pickOutput('none', 'string', shape)).toEqual({ result: 'null' });
  expect(pickOutput('gone', 'string', shape)).toEqual({ result: 'missing' });
});

test('a body that was cut is judged by what the server found in it', () => {
  const cut: Answer = { ...answer, root: null, candidates: [{ key: 'id', type: 'integer', sample: '7' }] };
  expect(pickOutput('id', 'string', cut)).toEqual({ result: 'found', value: { kind: 'string', value: '7' } });
  expect(pickOutput('gone', 'string', cut)).toEqual({ result: 'missing' });
  expect(pickOutput('id', 'string', { ...cut, candidates: [{ key: 'id', type: 'integer' } as Candidate] })).toEqual({
    result: 'hidden',
  });
  expect(pickOutput('id', 'string', { ...cut, candidates: null })).toEqual({ result: 'hidden' });
});

test.each([
  ['data.userId', 'user_id'],
  ['items[0]', 'items'],
  ["['2FA code']", 'value_2fa_code'],
  ['$', 'output'],
  ['código', 'codigo'],
  ['$headers.retry-after', 'retry_after'],
])('%s suggests the identifier %s', (key, identifier) => {
  expect(suggestIdentifier(key)).toBe(identifier);
});

test('an identifier that is taken gets a number', () => {
  expect(suggestIdentifier('a.id', new Set(['id', 'id_2']))).toBe('id_3');
});
