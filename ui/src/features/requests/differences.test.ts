// Differences are shown where they are, and nothing of the changed text is lost.
import { describe, expect, it } from 'vitest';

import { differences } from './differences';
import { fromMoment, samplesFor, toMoment } from './samples';

const marked = (normal: string, changed: string) =>
  differences(normal, changed)
    .map((piece) => (piece.isDifferent ? `[${piece.text}]` : piece.text))
    .join('');

describe('differences', () => {
  it.each([
    ['GET /a HTTP/1.1\nHost: x', 'GET /a HTTP/1.1\nHost: x', 'GET /a HTTP/1.1\nHost: x'],
    ['GET /users/ana HTTP/1.1\nHost: x', 'GET /users/a%2Fb HTTP/1.1\nHost: x', 'GET /users/a[%2Fb] HTTP/1.1\nHost: x'],
    ['A: 1\n\nbody', 'A: 1\nB: 2\n\nbody', 'A: 1\n[B: 2]\n\nbody'],
    ['a=1&b=example', 'a=1&b=', 'a=1&b='],
    ['x', 'y\nz', '[y]\n[z]'],
    ['', 'new', '[new]'],
    ['one\ntwo', '', ''],
  ])('from %j to %j', (normal, changed, expected) => {
    expect(marked(normal, changed)).toBe(expected);
    expect(
      differences(normal, changed)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(changed);
  });

  it('stay quick with long texts', () => {
    const normal = Array.from({ length: 5_000 }, (_, line) => `line ${line}`).join('\n');
    expect(
      differences(normal, `${normal}\nmore`)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(`${normal}\nmore`);
  });
});

describe('samples', () => {
  const inputs = [
    { key: 'a', name: 'A', type: 'string' as const, required: true },
    { key: 'n', name: 'N', type: 'integer' as const, required: false },
    { key: '', name: '', type: 'string' as const, required: false },
  ];

  it('are typed, given or made up', () => {
    expect(samplesFor(inputs, {}, {})).toEqual({ a: 'example', n: 42 });
    expect(samplesFor(inputs, { a: 'given', n: 7 }, { n: null })).toEqual({ a: 'given', n: null });
    expect(samplesFor(inputs, {}, { a: '' })).toEqual({ a: '', n: 42 });
  });

  it('of moments go through the control and back', () => {
    expect(toMoment('2026-11-22T14:30')).toBe('2026-11-22T14:30:00Z');
    expect(toMoment('')).toBeNull();
    expect(fromMoment('2026-11-22T14:30:00Z')).toBe('2026-11-22T14:30');
    expect(fromMoment('2026-11-22')).toBe('2026-11-22T00:00');
    expect(fromMoment(null)).toBe('');
  });
});
