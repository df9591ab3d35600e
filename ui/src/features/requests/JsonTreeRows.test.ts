// A tree shows what is unfolded and what is found, and the keyboard leads through it.
import { expect, test } from 'vitest';

import { parseJson } from '../responses/json';
import { firstLevels, rowAfter, rowsOf, type TreeView } from './JsonTreeRows';

const root = parseJson('{"data":{"user":{"id":7,"name":"Ana"},"tags":["new","paid"]},"empty":{},"ok":true}')!;
const view: TreeView = { root, toggled: new Set(), openLevels: Infinity, search: '', isFiltered: false };
const keys = (changes: Partial<TreeView> = {}) => rowsOf({ ...view, ...changes }).map(({ key }) => key);

test('everything shows, in the order of the answer', () => {
  expect(keys()).toEqual([
    '$',
    'data',
    'data.user',
    'data.user.id',
    'data.user.name',
    'data.tags',
    'data.tags[0]',
    'data.tags[1]',
    'empty',
    'ok',
  ]);
});

test('each row knows its place', () => {
  expect(rowsOf(view)[5]).toMatchObject({
    key: 'data.tags',
    level: 3,
    position: 2,
    size: 2,
    isFolder: true,
    isOpen: true,
  });
  expect(rowsOf(view)[8]).toMatchObject({ key: 'empty', isFolder: false, isOpen: false });
});

test('levels begin folded, and rows are folded and unfolded by hand', () => {
  expect(keys({ openLevels: 1 })).toEqual(['$', 'data', 'empty', 'ok']);
  expect(keys({ openLevels: 1, toggled: new Set(['data']) })).toEqual([
    '$',
    'data',
    'data.user',
    'data.tags',
    'empty',
    'ok',
  ]);
  expect(keys({ toggled: new Set(['data']) })).toEqual(['$', 'data', 'empty', 'ok']);
});

function found(search: string): string[] {
  return rowsOf({ ...view, openLevels: 1, search })
    .filter(({ isMatch }) => isMatch)
    .map(({ key }) => key);
}

test('a search opens the way to names, values and keys', () => {
  expect(found('ana')).toEqual(['data.user.name']);
  expect(found('user')).toEqual(['data.user']);
  expect(found('user.id')).toEqual(['data.user.id']);
  expect(found('nothing')).toEqual([]);
});

test('a filter leaves what is found and the way to it', () => {
  expect(keys({ search: 'paid', isFiltered: true })).toEqual(['$', 'data', 'data.tags', 'data.tags[1]']);
  expect(keys({ search: 'zzz', isFiltered: true })).toEqual([]);
});

test('arrows, Home, End and letters lead to rows', () => {
  const rows = rowsOf(view);
  const from = (key: string, pressed: string) => {
    const index = rowAfter(
      rows,
      rows.findIndex((row) => row.key === key),
      pressed,
    );
    return index === null ? null : rows[index]!.key;
  };
  expect(from('data', 'ArrowDown')).toBe('data.user');
  expect(from('$', 'ArrowUp')).toBe('$');
  expect(from('ok', 'ArrowDown')).toBe('ok');
  expect(from('data.user', 'ArrowRight')).toBe('data.user.id');
  expect(from('data.user', 'ArrowLeft')).toBeNull();
  expect(from('data.user.id', 'ArrowLeft')).toBe('data.user');
  expect(from('$', 'ArrowLeft')).toBeNull();
  expect(from('data.user.id', 'ArrowRight')).toBeNull();
  expect(from('data.user.id', 'End')).toBe('ok');
  expect(from('ok', 'Home')).toBe('$');
  expect(from('data', 't')).toBe('data.tags');
  expect(from('data', 'q')).toBeNull();
});

test('a large tree begins with two levels', () => {
  expect(firstLevels(root)).toBe(Infinity);
  expect(firstLevels(parseJson(JSON.stringify(Array.from({ length: 300 }, () => 1)))!)).toBe(2);
});
