// The small rules of the builder: lengths, layout, places, search, differences, neighbours and fields of problems.
import { expect, test } from 'vitest';

import { neighbour } from './canvas/neighbour';
import { compare, meaning } from './compare';
import { tidy } from './layout';
import { fillOf, lengthOf } from './limits';
import { freePlace, makeRoom } from './places';
import { searchBlocks } from './preview';
import { errorsOf, fieldOf, nearestFields } from './problems';
import { block, flow } from './testing';
import { inUnit, secondsOf } from './time';

test.each([
  ['Hello', 5, false],
  ['Hi {{contact.name}}!', 4, true],
  ['\\{{no}}', 6, false],
  ['👋', 2, false],
  ['', 0, false],
])('the length of %s', (text, count, isOpen) => {
  expect(lengthOf(text)).toEqual({ count, isOpen });
});

test('a text is near its limit in the last tenth', () => {
  expect([90, 91, 100, 101].map((count) => fillOf({ count, isOpen: false }, 100))).toEqual([
    'fine',
    'near',
    'near',
    'over',
  ]);
});

test('tidy blocks stand from left to right, none over another', () => {
  const made = flow(
    block(
      'condition',
      'a',
      { 'branch:x': 'b', else: 'c' },
      { branches: [{ id: 'x', name: '', match: 'all', groups: [] }] },
    ),
    block('message', 'b', { next: 'd' }),
    block('message', 'c', { next: 'a' }),
    block('end', 'd'),
    block('end', 'alone'),
  );
  const places = tidy(made, new Map([['a', { width: 264, height: 300 }]]));
  const x = (id: string) => places.get(id)!.x;
  expect([x('a') < x('b'), x('b') === x('c'), x('b') < x('d')]).toEqual([true, true, true]);
  expect(Math.abs(places.get('b')!.y - places.get('c')!.y)).toBeGreaterThanOrEqual(150);
  expect(places.size).toBe(5);
});

test('a new block covers no other, and what stands behind makes room', () => {
  const a = block('message', 'a', { next: 'b' });
  const b = block('end', 'b', {}, { position: { x: 354, y: 0 } });
  const made = flow(a, b);
  const place = freePlace(made, { x: 10, y: 10 });
  expect(place.y).toBeGreaterThanOrEqual(170);
  expect(makeRoom(made, a, b)).toEqual(new Map([['b', { x: 708, y: 0 }]]));
  expect(makeRoom(made, b, a).size).toBe(0);
});

test('blocks are found by their words, accents aside, names first', () => {
  const entries = [
    { block: block('message', 'a', {}, { content: { kind: 'text', text: 'Su código es…' } }), title: 'Mensaje' },
    { block: block('question', 'b'), title: 'Código' },
    { block: block('end', 'c'), title: 'Fin' },
  ];
  expect(searchBlocks(entries, 'CODIGO').map(({ title }) => title)).toEqual(['Código', 'Mensaje']);
  expect(searchBlocks(entries, 'codigo es')).toHaveLength(1);
  expect(searchBlocks(entries, '')).toHaveLength(3);
});

test('differences name blocks and their parts; moving is none', () => {
  const before = flow(block('message', 'a', { next: 'b' }), block('end', 'b'));
  const moved = { ...before, blocks: before.blocks.map((each) => ({ ...each, position: { x: 9, y: 9 } })) };
  expect(compare(before, moved).isSame).toBe(true);
  expect(meaning(before)).toBe(meaning(moved));
  const after = { ...flow(block('message', 'a', { next: 'c' }), block('end', 'c')), start: 'c' };
  const found = compare(before, after);
  expect(found.changes.map(({ block: { id }, kind, fields }) => [id, kind, fields])).toEqual([
    ['a', 'changed', ['edges']],
    ['c', 'added', []],
    ['b', 'removed', []],
  ]);
  expect([found.isStartChanged, found.hasSettingsChanged, found.isSame]).toEqual([true, false, false]);
});

test('the arrow keys lead to the nearest block that way', () => {
  const made = flow(
    block('message', 'a'),
    block('message', 'b', {}, { position: { x: 400, y: 20 } }),
    block('message', 'c', {}, { position: { x: 350, y: 400 } }),
  );
  expect((['right', 'down', 'left', 'up'] as const).map((way) => neighbour(made, 'a', way))).toEqual([
    'b',
    'c',
    null,
    null,
  ]);
});

test('a problem is shown at its field, or at what the field is part of', () => {
  expect(fieldOf('blocks[12].checks.options[0].label')).toBe('checks.options[0].label');
  expect(nearestFields('checks.options[0].label')).toEqual([
    'checks.options[0].label',
    'checks.options[0]',
    'checks.options',
    'checks',
  ]);
  const problems = [
    { blockId: 'a', field: 'text', text: 'one', isError: true },
    { blockId: 'a', field: 'text', text: 'two', isError: true },
    { blockId: 'a', field: 'name', text: 'warned', isError: false },
    { blockId: null, field: 'settings.timezone', text: 'whole', isError: true },
  ];
  expect(errorsOf(problems, 'a')).toEqual({ text: 'one' });
  expect(errorsOf(problems, null)).toEqual({ 'settings.timezone': 'whole' });
});

test('lengths of time in the largest whole unit', () => {
  expect([0, 90, 120, 7200, 86_400, 90_000].map(inUnit)).toEqual([
    { amount: 0, unit: 'seconds' },
    { amount: 90, unit: 'seconds' },
    { amount: 2, unit: 'minutes' },
    { amount: 2, unit: 'hours' },
    { amount: 1, unit: 'days' },
    { amount: 25, unit: 'hours' },
  ]);
  expect(secondsOf(3, 'hours')).toBe(10_800);
});
