// A test begins with the credential that is likeliest meant.
import { expect, test } from 'vitest';

import type { Credential } from '../../api/schema';
import { firstChoice, inOrder } from './credentialChoices';

const credential = (id: string, verdict?: string, at?: string) =>
  ({ id, last_test: verdict ? { verdict, at, outcome: 'ok', status: 200 } : null }) as unknown as Credential;
const all = [
  credential('new'),
  credential('bad', 'rejected', '2026-11-22T12:00:00Z'),
  credential('good', 'accepted', '2026-11-22T10:00:00Z'),
];

test('the one used last comes first, then those tested last', () => {
  expect(inOrder(all, 'new').map(({ id }) => id)).toEqual(['new', 'bad', 'good']);
  expect(inOrder(all, undefined).map(({ id }) => id)).toEqual(['bad', 'good', 'new']);
});

test('what was chosen stays; else one that works is taken', () => {
  expect(firstChoice(all, 'bad')).toBe('bad');
  expect(firstChoice(all, null)).toBeNull();
  expect(firstChoice(all, undefined)).toBe('good');
  expect(firstChoice(all, 'gone')).toBe('good');
  expect(firstChoice([all[0]!], undefined)).toBe('new');
  expect(firstChoice([], undefined)).toBeNull();
});
