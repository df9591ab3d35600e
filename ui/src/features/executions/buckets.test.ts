import { expect, test } from 'vitest';

import { bars, niceTop, span } from './buckets';

test('everything that is not ok counts as failed', () => {
  expect(bars([{ at: '2026-01-01T00:00:00Z', outcomes: { ok: 3, timeout: 1, http_4xx: 2 } }])).toEqual([
    { at: '2026-01-01T00:00:00Z', ok: 3, failed: 3 },
  ]);
  expect(bars([{ at: 'x', outcomes: {} }])).toEqual([{ at: 'x', ok: 0, failed: 0 }]);
});

test.each([
  [0, 1],
  [1, 1],
  [3, 5],
  [11, 20],
  [100, 100],
  [101, 200],
  [999, 1000],
])('the scale for %d ends at %d', (most, top) => {
  expect(niceTop(most)).toBe(top);
});

test('spans are short and in the unit that fits', () => {
  expect(span(0.84, 'en')).toBe('0.8 ms');
  expect(span(340.2, 'en')).toBe('340 ms');
  expect(span(2_140, 'en')).toBe('2.1 sec');
  expect(span(null, 'en')).toBe('–');
});
