// Steps back and forth, with typing in one place kept as one step.
import { expect, test } from 'vitest';

import { begin, canRedo, canUndo, MOST_STEPS, PAUSE_MS, redo, step, undo } from './history';

test('each step can be taken back and taken again', () => {
  let now = step(step(begin('a'), 'b'), 'c');
  now = undo(now);
  expect(now.present).toBe('b');
  now = undo(now);
  expect([now.present, canUndo(now)]).toEqual(['a', false]);
  expect(undo(now)).toBe(now);
  now = redo(redo(now));
  expect([now.present, canRedo(now)]).toEqual(['c', false]);
  expect(redo(now)).toBe(now);
});

test('typing in one place is one step, until a pause or another place', () => {
  let now = step(begin(''), 'H', 'text', 1000);
  now = step(now, 'He', 'text', 1200);
  now = step(now, 'Hello', 'text', 1200 + PAUSE_MS);
  expect(undo(now).present).toBe('');
  now = step(now, 'Hello!', 'text', 1201 + 2 * PAUSE_MS);
  expect(undo(now).present).toBe('Hello');
  now = step(now, 'name', 'name', 1202 + 2 * PAUSE_MS);
  expect(undo(now).present).toBe('Hello!');
});

test('a step of its own never joins the one before', () => {
  const now = step(step(begin(0), 1, null, 10), 2, null, 11);
  expect(undo(now).present).toBe(1);
});

test('nothing changed is no step', () => {
  const value = { x: 1 };
  const now = begin(value);
  expect(step(now, value)).toBe(now);
});

test('what was undone goes when something else is done', () => {
  const now = step(undo(step(begin('a'), 'b')), 'c');
  expect([now.present, canRedo(now), undo(now).present]).toEqual(['c', false, 'a']);
});

test('typing after an undo does not join what was typed before it', () => {
  const typed = step(begin('a'), 'ab', 'text', 1000);
  expect(undo(step(undo(typed), 'ac', 'text', 1001)).present).toBe('a');
});

test('only so many steps are kept', () => {
  let now = begin(0);
  for (let count = 1; count <= MOST_STEPS + 10; count += 1) now = step(now, count);
  expect([now.past.length, now.past[0]]).toEqual([MOST_STEPS, 10]);
});
