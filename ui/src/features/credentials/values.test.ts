// Values and hosts are judged as the server does it.
import { expect, it } from 'vitest';

import { cleanHosts, isSameHosts, troubleOf } from './values';

const password = { type: 'password', required: true } as const;

it.each([
  ['a-key-for-tests', null],
  ['', 'empty'],
  [' a-key', 'blank'],
  ['a-key\u200b', 'blank'],
  ['a-key\u00a0', 'blank'],
  ['a key', null],
  ['a\tkey', 'control'],
  ['a\u0085key', 'control'],
  ['x'.repeat(8192), null],
  ['🔑'.repeat(8192), null],
  ['x'.repeat(8193), 'long'],
])('a password %j: %s', (value, trouble) => {
  expect(troubleOf(password, value)).toBe(trouble);
});

it('lets an optional value be left out, and a text have blanks around it', () => {
  expect(troubleOf({ type: 'password', required: false }, '')).toBeNull();
  expect(troubleOf({ type: 'text', required: true }, ' eu ')).toBeNull();
});

it('sends each host once', () => {
  expect(cleanHosts([' api.acme.example', '', 'api.acme.example', '*.acme.example '])).toEqual([
    'api.acme.example',
    '*.acme.example',
  ]);
});

it('compares hosts whatever their order', () => {
  expect(isSameHosts(['a.example', 'b.example'], ['b.example', ' a.example', ''])).toBe(true);
  expect(isSameHosts(['a.example'], ['a.example', 'b.example'])).toBe(false);
});
