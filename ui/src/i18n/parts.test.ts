// What the first pages show needs no text that comes later.
import { dirname, join } from 'node:path/posix';

import { expect, test } from 'vitest';

import { texts as englishFirst } from './en.first';
import { texts as englishRest } from './en.rest';
import { texts as spanishFirst } from './es.first';
import { texts as spanishRest } from './es.rest';
import { texts as portugueseFirst } from './pt.first';
import { texts as portugueseRest } from './pt.rest';

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { eager: true, query: '?raw', import: 'default' });
const FIRST = Object.keys(englishFirst);
const FIRST_PAGES = [
  '../main.tsx',
  '../features/accounts/LoginPage.tsx',
  '../features/accounts/SetupPage.tsx',
  '../features/home/HomePage.tsx',
];

/** The files that these import, and those that they import, but for what is loaded later. */
function allThatCome(from: string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const [, target = ''] of (sources[path] ?? '').matchAll(/ from '(\.[^']+)'/g)) {
      const stem = nearer(join(dirname(path), target));
      open.push(...[`${stem}.ts`, `${stem}.tsx`, `${stem}/index.ts`].filter((file) => file in sources));
    }
  }
  return seen;
}

/** Globs name what is beside this file by `./`. */
function nearer(path: string): string {
  return path.startsWith('../i18n/') ? path.replace('../i18n/', './') : path;
}

test('the first pages ask for no text that comes later', () => {
  const files = [...allThatCome(FIRST_PAGES)];
  expect(files).toContain('../layout/Shell.tsx');
  expect(files.length).toBeGreaterThan(40);
  const asked = files.flatMap((file) => {
    const source = sources[file] ?? '';
    const named = [...source.matchAll(/useTranslation\('(\w+)'/g), ...source.matchAll(/\bt\(\s*['`](\w+):/g)];
    return named.map(([, feature = '']) => ({ file, feature }));
  });
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter(({ feature }) => !FIRST.includes(feature))).toEqual([]);
});

test('every language is parted alike', () => {
  const translatedOnly = new Set(['errors']); // English sentences of errors are the server's own
  for (const [first, rest] of [
    [spanishFirst, spanishRest],
    [portugueseFirst, portugueseRest],
  ] as const) {
    expect(Object.keys(first).filter((feature) => !translatedOnly.has(feature))).toEqual(FIRST);
    expect(Object.keys(rest)).toEqual(Object.keys(englishRest));
    expect(Object.keys(first).filter((feature) => feature in rest)).toEqual([]);
  }
});
