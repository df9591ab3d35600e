// The three languages say the same things, and every text that the code asks for is there.
import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

type Texts = { [key: string]: string | Texts };
const files = import.meta.glob<Texts>('./*/*.json', { eager: true, import: 'default' });
const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { eager: true, query: '?raw', import: 'default' });

const errorsPage = readFileSync('../docs/reference/errors.md', 'utf8');
const problemsPage = readFileSync('../docs/reference/flow-problems.md', 'utf8');

const PLURALS = /_(zero|one|two|few|many|other)$/;
const PLACEHOLDERS = /\{\{\s*[\w.]+\s*\}\}/g;

function flat(texts: Texts, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, text]): [string, string][] =>
    typeof text === 'string' ? [[prefix + key, text]] : flat(text, `${prefix}${key}.`),
  );
}

function catalogue(language: string): Map<string, Map<string, string>> {
  return new Map(
    Object.entries(files)
      .filter(([path]) => path.startsWith(`./${language}/`))
      .map(([path, texts]) => [path.split('/').at(-1)!.replace('.json', ''), new Map(flat(texts))]),
  );
}

const english = catalogue('en');
/** English sentences of errors are the server's own. */
const TRANSLATED_ONLY = ['errors'];

test.each(['es', 'pt'])('%s has the texts of English, with the same placeholders', (language) => {
  const other = catalogue(language);
  for (const [namespace, texts] of english) {
    const names = new Set([...texts.keys()].map((key) => key.replace(PLURALS, '')));
    const theirs = other.get(namespace);
    expect(new Set([...(theirs?.keys() ?? [])].map((key) => key.replace(PLURALS, ''))), namespace).toEqual(names);
    for (const [key, text] of texts) {
      const translated = theirs?.get(key) ?? '';
      expect(translated.trim(), `${namespace}:${key}`).not.toBe('');
      if (!PLURALS.test(key)) {
        expect((translated.match(PLACEHOLDERS) ?? []).toSorted(), `${namespace}:${key}`).toEqual(
          (text.match(PLACEHOLDERS) ?? []).toSorted(),
        );
      }
    }
  }
  expect([...other.keys()].filter((namespace) => !english.has(namespace))).toEqual(TRANSLATED_ONLY);
});

test('every text that is asked for exists', () => {
  const missing: string[] = [];
  for (const [path, source] of Object.entries(sources)) {
    if (path.includes('.test.') || path.includes('/i18n/')) continue;
    const named = [...source.matchAll(/useTranslation\((?:'(\w+)')?\)/g)].map(([, name]) => name ?? 'common');
    const own = [...named, /features\/(\w+)\//.exec(path)?.[1] ?? 'common'];
    for (const [, key] of source.matchAll(/(?<![\w.])(?:i18n\.)?t\('([\w:.]+)'/g)) {
      if (!key) continue;
      const [namespaces, name] = key.includes(':') ? [[key.split(':')[0]!], key.split(':')[1]!] : [own, key];
      const isThere = namespaces.some((namespace) => {
        const texts = english.get(namespace);
        return texts?.has(name) || texts?.has(`${name}_other`);
      });
      if (!isThere) missing.push(`${path} ${key}`);
    }
  }
  expect(missing).toEqual([]);
});

/** Errors of the command line and of starting up; they never reach a browser. */
const ELSEWHERE = new Set([
  'setting_invalid',
  'kek_unsafe',
  'data_folder_locked',
  'demo_failed',
  'port_in_use',
  'database_too_old',
  'database_too_new',
  'name_unknown',
  'name_ambiguous',
]);

test.each(['es', 'pt'])('%s says every error that a browser can meet', (language) => {
  const said = catalogue(language).get('errors') ?? new Map<string, string>();
  const rows = [...errorsPage.matchAll(/^\| `(\w+)` \|[^|]*\|[^|]*\|[^|]*\| (.*) \|$/gm)];
  expect(rows.length).toBeGreaterThan(100);
  const sentences = rows.filter(([, code, text]) => text !== '{reason}' && !ELSEWHERE.has(code ?? ''));
  expect(sentences.map(([, code]) => code).filter((code) => !said.has(code ?? ''))).toEqual([]);
  for (const [, code, text] of sentences) {
    const facts = new Set([...(text ?? '').replace(/\{\{.*?\}\}/g, '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    const used = [...(said.get(code ?? '') ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
    expect(
      used.filter((name) => name !== 'hint' && !facts.has(name)),
      code,
    ).toEqual([]);
  }
});

test.each(['es', 'pt'])('%s says every problem of a flow', (language) => {
  const said = catalogue(language).get('errors') ?? new Map<string, string>();
  const rows = [...problemsPage.matchAll(/^\| `(\w+)` \| \w+ \| (.*) \|$/gm)];
  expect(rows.length).toBeGreaterThan(80);
  for (const [, code, sentence] of rows) {
    const facts = new Set([...(sentence ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    const text = said.get(`flow.${code}`) ?? '';
    expect(text, code).not.toBe('');
    const used = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
    expect(
      used.filter((name) => !facts.has(name)),
      code,
    ).toEqual([]);
  }
});
