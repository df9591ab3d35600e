// The parts of a call's time follow one another, and the rest of the total is the body.
import { expect, test } from 'vitest';

import { bytes, milliseconds } from './measures';
import { partsOf, unfinishedPart } from './timing';

test('every part that happened is there', () => {
  expect(partsOf({ dns_ms: 1, connect_ms: 2, tls_ms: 3, first_byte_ms: 40, total_ms: 50 })).toEqual([
    { name: 'dns', ms: 1 },
    { name: 'connect', ms: 2 },
    { name: 'tls', ms: 3 },
    { name: 'firstByte', ms: 40 },
    { name: 'body', ms: 4 },
  ]);
});

test('a connection that was reused has no dial, and rounding gives no negative time', () => {
  expect(partsOf({ dns_ms: null, first_byte_ms: 12, total_ms: 11.9 })).toEqual([
    { name: 'firstByte', ms: 12 },
    { name: 'body', ms: 0 },
  ]);
});

test('without an answer there is no body', () => {
  expect(partsOf({ dns_ms: 3, total_ms: 3003 })).toEqual([
    { name: 'dns', ms: 3 },
    { name: 'unfinished', ms: 3000 },
  ]);
  expect(partsOf({ total_ms: 0 })).toEqual([]);
});

test('a call that ran out of time was in the part after the last one', () => {
  expect(unfinishedPart({ total_ms: 1 })).toBe('dns');
  expect(unfinishedPart({ dns_ms: 1, total_ms: 1 })).toBe('connect');
  expect(unfinishedPart({ dns_ms: 1, connect_ms: 1, total_ms: 1 })).toBe('firstByte');
  expect(unfinishedPart({ first_byte_ms: 1, total_ms: 1 })).toBe('body');
});

test('measures are short and in the reader’s language', () => {
  expect(milliseconds(0.42, 'en')).toBe('0.4 ms');
  expect(milliseconds(123.4, 'en')).toBe('123 ms');
  expect(milliseconds(12_345, 'es')).toBe('12,35 s');
  expect(bytes(0, 'en')).toBe('0 B');
  expect(bytes(1536, 'en')).toBe('1.5 KiB');
  expect(bytes(1_048_576, 'pt')).toBe('1 MiB');
});
