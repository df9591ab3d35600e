// Test values are sent as they were typed, in the type of their input.
import { expect, test } from 'vitest';

import type { Input } from '../../api/schema';
import { slipsOf, testBody, typedValues, withOffset } from './testValues';

const input = (key: string, type: Input['type'], required = true): Input => ({ key, name: key, type, required });
const inputs = [
  input('s', 'string'),
  input('i', 'integer'),
  input('n', 'number'),
  input('b', 'boolean'),
  input('d', 'datetime'),
  input('o', 'string', false),
];
const values = { s: ' "quoted" ', i: '12345678901234567890', n: '12.10', b: 'false', d: '2026-11-22 14:30', gone: 'x' };

test('numbers keep their digits, texts their blanks, and what is empty is left out', () => {
  expect(testBody(inputs, values, 'crd_1')).toBe(
    '{"credential_id":"crd_1","inputs":{"s":" \\"quoted\\" ","i":12345678901234567890,"n":12.10,"b":false,"d":"2026-11-22 14:30"}}',
  );
  expect(testBody(inputs, {}, null)).toBe('{"credential_id":null,"inputs":{}}');
});

test('what is no JSON number is left to the server to judge', () => {
  expect(testBody([input('i', 'integer')], { i: '007' }, null)).toContain('"i":"007"');
  expect(testBody([input('i', 'integer')], { i: ' 7 ' }, null)).toContain('"i":7');
});

test('slips are found by key', () => {
  expect(slipsOf(inputs, values)).toEqual({});
  expect(slipsOf(inputs, { s: '', i: '1.5', n: '12,10', b: '', d: 'tomorrow' })).toEqual({
    s: 'required',
    i: 'integer',
    n: 'number',
    b: 'required',
    d: 'datetime',
  });
});

test('a preview gets the same values', () => {
  expect(typedValues(inputs, { s: 'x', i: '7', b: 'true' })).toEqual({ s: 'x', i: 7, b: true });
});

test.each([
  ['2026-11-22T14:30', -300, '2026-11-22T14:30:00-05:00'],
  ['2026-11-22T14:30', 330, '2026-11-22T14:30:00+05:30'],
  ['2026-11-22T14:30:15', 0, '2026-11-22T14:30:15Z'],
])('%s with %i minutes is %s', (picked, offset, moment) => {
  expect(withOffset(picked, offset)).toBe(moment);
});
