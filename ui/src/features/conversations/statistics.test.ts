import { expect, test } from 'vitest';

import { FIRST_SETTINGS, newBlock } from '../flows/blocks';
import type { Definition } from '../flows/definition';
import { figuresOf, worstOf } from './statistics';

const at = { x: 0, y: 0 };
const question = { ...newBlock('question', at, [], 'ask'), edges: { next: 'bye' } };
const end = newBlock('end', at, [], 'bye');
const definition: Definition = { start: 'ask', blocks: [end, question], variables: [], settings: FIRST_SETTINGS };

test('figures stand in the order of the flow, with the share of those who stop', () => {
  const figures = figuresOf(definition, [
    { block_id: 'bye', entered: 6, left: {}, stopped: 6, waiting: 0, failed: 0 },
    { block_id: 'ask', entered: 8, left: { no_match: 1, next: 6 }, stopped: 2, waiting: 1, failed: 0 },
  ]);
  expect(figures.map(({ block, entered, share }) => [block.id, entered, share])).toEqual([
    ['ask', 8, 25],
    ['bye', 6, 100],
  ]);
  expect(figures[0]?.left).toEqual([
    ['next', 6],
    ['no_match', 1],
  ]);
  expect(worstOf(figures)?.block.id).toBe('ask');
});

test('a block nobody came by has no share', () => {
  const figures = figuresOf(definition, []);
  expect(figures.map(({ share }) => share)).toEqual([0, 0]);
  expect(worstOf(figures)).toBeNull();
});
