// JSON is read to the letter.
import { expect, test } from 'vitest';

import { listCandidates } from './candidates';
import { parseJson, toPlain, writeJson } from './json';
import type { Answer } from './outputs';

test.each([
  '{"b":1,"a":2,"10":3,"9":4}',
  '12345678901234567890',
  '[12.10,1e3,-0,0.0000001]',
  '{"a":{"b":[[],{},"\\"",null,true,false]}}',
  '""',
])('%s is written as it was read', (text) => {
  expect(writeJson(parseJson(text)!)).toBe(text);
});

test.each([
  '',
  ' ',
  '{',
  '{"a"}',
  '[1,]',
  '{"a":1,}',
  '01',
  '1.',
  '.5',
  '+1',
  'NaN',
  "'a'",
  '"\t"',
  '"\\x"',
  '{} {}',
  'nul',
  '[1 2]',
])('%s is not JSON', (text) => {
  expect(parseJson(text)).toBeNull();
});

test('blanks and a byte order mark are no part of it', () => {
  expect(writeJson(parseJson('\ufeff { "a" : [ 1 , 2 ] } \n')!)).toBe('{"a":[1,2]}');
});

test('a key that is there twice has its last value', () => {
  expect(writeJson(parseJson('{"a":1,"b":2,"a":3}')!)).toBe('{"a":3,"b":2}');
});

test('64 levels are read, more are not', () => {
  expect(parseJson('['.repeat(64) + ']'.repeat(64))).not.toBeNull();
  expect(parseJson('['.repeat(65) + ']'.repeat(65))).toBeNull();
});

test('it is indented for reading', () => {
  expect(writeJson(parseJson('{"a":[1,{}],"b":[]}')!, '  ')).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}');
});

test('plain values keep every digit', () => {
  expect(toPlain(parseJson('{"a":[1,12345678901234567890,12.10,null,true,"x"]}')!)).toEqual({
    a: [1, '12345678901234567890', '12.10', null, true, 'x'],
  });
});

const answer = (text: string): Answer => ({
  status: 200,
  headers: [],
  text,
  root: parseJson(text),
  isShape: false,
  candidates: null,
});

test('an answer lists what can be picked', () => {
  const text =
    '{"id":12345678901234567890,"at":"2026-04-01T10:00:00Z","ok":true,"rate":1.50,"none":null,"items":[{"a.b":"x"}]}';
  expect(listCandidates(answer(text))).toEqual([
    { key: '$', type: 'json', sample: null, member_count: 6 },
    { key: 'id', type: 'integer', sample: '12345678901234567890' },
    { key: 'at', type: 'datetime', sample: '2026-04-01T10:00:00Z' },
    { key: 'ok', type: 'boolean', sample: true },
    { key: 'rate', type: 'number', sample: '1.50' },
    { key: 'none', type: 'string', sample: null },
    { key: 'items', type: 'json', sample: null, member_count: 1 },
    { key: 'items[0]', type: 'json', sample: null, member_count: 1 },
    { key: "items[0]['a.b']", type: 'string', sample: 'x' },
  ]);
});

test('a list gives at most 100 values, an answer at most 500', () => {
  const numbers = JSON.stringify(Array.from({ length: 300 }, (_, index) => index));
  expect(listCandidates(answer(`{"list":${numbers},"after":1}`))).toHaveLength(103);
  const object = JSON.stringify(Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`k${index}`, index])));
  expect(listCandidates(answer(object))).toHaveLength(500);
});

test('shapes tell the types', () => {
  const shape = { ...answer('{"a":"integer","b":"null","c":["string"]}'), isShape: true };
  expect(listCandidates(shape).map(({ key, type }) => `${key} ${type}`)).toEqual([
    '$ json',
    'a integer',
    'b string',
    'c json',
    'c[0] string',
  ]);
});
