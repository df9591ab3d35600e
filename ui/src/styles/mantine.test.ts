// The style sheet of Mantine's components holds what the app uses, and no more: the whole of it would be half as much again.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

const MANTINE = 'node_modules/@mantine/core';
const NOTIFICATIONS = 'node_modules/@mantine/notifications/esm';
const BASIS = ['baseline', 'default-css-variables', 'global'];

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { eager: true, query: '?raw', import: 'default' });
const index = readFileSync(`${MANTINE}/esm/index.mjs`, 'utf8');

/** What a module imports: names with where they come from. */
function importsOf(code: string): { names: string[]; from: string }[] {
  return [...code.matchAll(/import (?!type )([^;]*?) from ["']([^"']+)["']/g)].map(([, names = '', from = '']) => ({
    names: names.split(/[{},]/).map((name) => name.trim().split(' as ')[0]!),
    from,
  }));
}

const homes = new Map(
  importsOf(index).flatMap(({ names, from }) => names.map((name) => [name, join(MANTINE, 'esm', from)])),
);

/** Every module of Mantine that these lead to. */
function reached(from: string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path) || !existsSync(path)) continue;
    seen.add(path);
    for (const { names, from: target } of importsOf(readFileSync(path, 'utf8'))) {
      if (target.startsWith('.')) open.push(join(dirname(path), target));
      if (target === '@mantine/core') open.push(...homesOf(names));
    }
  }
  return seen;
}

function homesOf(names: string[]): string[] {
  return names.flatMap((name) => homes.get(name) ?? []);
}

test('the styles of every component that is used are there, and no others', () => {
  const used = Object.entries(sources).flatMap(([path, code]) =>
    path.includes('.test.') ? [] : importsOf(code).filter(({ from }) => from === '@mantine/core'),
  );
  const modules = [...reached([...homesOf(used.flatMap(({ names }) => names)), `${NOTIFICATIONS}/Notifications.mjs`])];
  const sheets = modules
    .filter((path) => path.endsWith('.module.mjs'))
    .map((path) => /(\w+)\.module\.mjs$/.exec(path)![1]!)
    .filter((name) => existsSync(`${MANTINE}/styles/${name}.css`));
  expect(sheets.length).toBeGreaterThan(40);

  const ours = [...readFileSync('src/styles/mantine.css', 'utf8').matchAll(/styles\/([\w-]+)\.css/g)].map(
    ([, name]) => name!,
  );
  expect(ours.toSorted()).toEqual([...new Set([...BASIS, ...sheets])].toSorted());
});

test("they stand in Mantine's own order, on which it depends which of two wins", () => {
  const whole = readFileSync(`${MANTINE}/styles.css`, 'utf8');
  const places = [...readFileSync('src/styles/mantine.css', 'utf8').matchAll(/styles\/([\w-]+)\.css/g)].map(
    ([, name]) => whole.indexOf(readFileSync(`${MANTINE}/styles/${name}.css`, 'utf8').trim().slice(0, 400)),
  );
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
});
