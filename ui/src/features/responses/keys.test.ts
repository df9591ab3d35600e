// The keys that the server reads and refuses are read and refused here alike.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { parseJson } from './json';
import { isKeyProblem, lastName, readKey, sameKey, walk, writeKey, type Segment } from './keys';

const cases = JSON.parse(readFileSync('../tests/outputs/keys.json', 'utf8')) as {
  read: { key: string; segments: Segment[] }[];
  refused: { key: string; position: number }[];
};

test.each(cases.read)('reads $key', ({ key, segments }) => {
  expect(readKey(key)).toEqual({ source: 'json', segments });
  expect(readKey(writeKey(segments))).toEqual({ source: 'json', segments });
});

test.each(cases.refused)('refuses $key at $position', ({ key, position }) => {
  expect(readKey(key)).toEqual({ position, isTooLong: false });
});

test('a key has at most 512 characters', () => {
  expect(isKeyProblem(readKey('a'.repeat(512)))).toBe(false);
  expect(readKey('a'.repeat(513))).toMatchObject({ isTooLong: true });
});

test('the status, a header and the body have keys of their own', () => {
  expect(readKey('$status')).toEqual({ source: 'status' });
  expect(readKey('$body')).toEqual({ source: 'body' });
  expect(readKey('$headers.Retry-After')).toEqual({ source: 'header', header: 'retry-after' });
  expect(readKey("$headers['X-Id']")).toEqual({ source: 'header', header: 'x-id' });
});

const body = parseJson('{"id": 7, "none": null, "items": [{"name": "first"}, {"name": "last"}], "a.b": {"": "deep"}}')!;

test.each([
  ['id', { kind: 'number', text: '7' }],
  ['$', body],
  ['items[0].name', { kind: 'string', value: 'first' }],
  ['items[-1].name', { kind: 'string', value: 'last' }],
  ["['a.b']['']", { kind: 'string', value: 'deep' }],
  ['none', { kind: 'null' }],
  ['items[2]', undefined],
  ['items[-3]', undefined],
  ['items.name', undefined],
  ['id[0]', undefined],
  ['missing', undefined],
])('%s leads to its value', (key, value) => {
  const read = readKey(key);
  if (isKeyProblem(read) || read.source !== 'json') throw new Error(key);
  expect(walk(body, read.segments)).toEqual(value);
});

test('two spellings of one place are the same key', () => {
  expect(sameKey("$['data']['id']")).toBe('data.id');
  expect(sameKey("$headers['Date']")).toBe('$headers.date');
  expect(sameKey('not a key')).toBe('not a key');
});

test('the last name skips positions', () => {
  expect(lastName({ source: 'json', segments: ['items', 0, 'id'] })).toBe('id');
  expect(lastName({ source: 'json', segments: ['items', 0] })).toBe('items');
  expect(lastName({ source: 'json', segments: [] })).toBe('');
});
