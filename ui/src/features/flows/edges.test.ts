// The ways out of blocks, and what is done to them.
import { expect, test } from 'vitest';

import { BLOCK_TYPES } from './blocks';
import { OUTCOMES } from './definition';
import {
  addBlock,
  before,
  connect,
  inOrder,
  insertOn,
  links,
  mainWay,
  moveBlocks,
  removeBlocks,
  waysDrawn,
  waysOut,
  withoutLostWays,
} from './edges';
import { block, flow } from './testing';

const edgesOf = (definition: ReturnType<typeof flow>, id: string) =>
  definition.blocks.find((each) => each.id === id)?.edges;

test('every type of block has the ways that the definition names', () => {
  const names = Object.fromEntries(
    BLOCK_TYPES.map((type) => [type, waysOut(block(type, 'a')).map(({ edge }) => edge.replace(/:.*/, ':'))]),
  );
  expect(names).toEqual({
    message: ['next', 'undelivered'],
    question: ['next', 'no_match', 'timeout', 'undelivered'],
    buttons: ['button:', 'button:', 'next', 'no_match', 'timeout', 'undelivered'],
    list: ['row:', 'row:', 'next', 'no_match', 'timeout', 'undelivered'],
    form: ['next', 'no_match', 'timeout', 'undelivered'],
    custom_integration: ['success', ...OUTCOMES, 'failed'],
    condition: ['branch:', 'else'],
    set_variable: ['next', 'failed'],
    wait: ['next'],
    jump: [],
    call_flow: ['next', 'failed'],
    hand_over: ['closed', 'timeout'],
    end: [],
  });
});

test('choices out of an output have one way, and one for none', () => {
  const source = { rows: '{{outputs.a.b}}', id: 'id', title: 'name', description: '', values: [] };
  const ways = waysOut(block('list', 'a', {}, { source })).map(({ edge }) => edge);
  expect(ways).toEqual(['next', 'empty', 'no_match', 'timeout', 'undelivered']);
});

test('rare ways are drawn where they lead somewhere or are asked for', () => {
  const call = block('custom_integration', 'a', { http_4xx: 'b' });
  expect(waysDrawn(call).map(({ edge }) => edge)).toEqual(['success', 'http_4xx', 'failed']);
  expect(waysDrawn(call, true)).toHaveLength(OUTCOMES.length + 2);
});

test('a block put on a way stands between', () => {
  const now = insertOn(
    flow(block('message', 'a', { next: 'b' }), block('end', 'b')),
    'a',
    'next',
    block('question', 'c'),
  );
  expect([edgesOf(now, 'a'), edgesOf(now, 'c')]).toEqual([{ next: 'c' }, { next: 'b' }]);
});

test('an end put on a way ends it', () => {
  const now = insertOn(flow(block('message', 'a', { next: 'b' }), block('end', 'b')), 'a', 'next', block('end', 'c'));
  expect([edgesOf(now, 'a'), edgesOf(now, 'c')]).toEqual([{ next: 'c' }, {}]);
});

test('what led to a removed block leads to what came behind it', () => {
  const made = flow(
    block('message', 'a', { next: 'b' }),
    block('custom_integration', 'b', { success: 'c', failed: 'd' }),
    block('message', 'c', { next: 'd' }),
    block('end', 'd'),
  );
  expect(edgesOf(removeBlocks(made, new Set(['b', 'c'])), 'a')).toEqual({ next: 'd' });
  expect(edgesOf(removeBlocks(made, new Set(['d'])), 'c')).toEqual({});
  expect(removeBlocks(made, new Set(['a'])).start).toBe('b');
  expect(removeBlocks(made, new Set(['a', 'b', 'c', 'd']))).toMatchObject({ start: '', blocks: [] });
});

test('blocks in a circle can be removed', () => {
  const made = flow(
    block('message', 'a', { next: 'b' }),
    block('message', 'b', { next: 'c' }),
    block('message', 'c', { next: 'b' }),
  );
  expect(edgesOf(removeBlocks(made, new Set(['b', 'c'])), 'a')).toEqual({});
  expect(edgesOf(removeBlocks(made, new Set(['c'])), 'b')).toEqual({});
});

test('a jump to a removed block follows', () => {
  const made = flow(block('jump', 'a', {}, { block: 'b' }), block('message', 'b', { next: 'c' }), block('end', 'c'));
  expect(removeBlocks(made, new Set(['b'])).blocks[0]).toMatchObject({ block: 'c' });
});

test('ways of what is gone go along', () => {
  const made = block('buttons', 'a', { 'button:x': 'b', next: 'c' }, { buttons: [] });
  expect(withoutLostWays(made).edges).toEqual({ next: 'c' });
  const fine = block('message', 'a', { next: 'b' });
  expect(withoutLostWays(fine)).toBe(fine);
});

test('only connections between blocks that are there are drawn', () => {
  const made = flow(block('message', 'a', { next: 'b', strange: 'b' }), block('message', 'b', { next: 'gone' }));
  expect(links(made)).toEqual([{ from: 'a', edge: 'next', to: 'b' }]);
});

test('connecting replaces, and null takes away', () => {
  const made = flow(block('message', 'a', { next: 'b' }), block('end', 'b'), block('end', 'c'));
  expect(edgesOf(connect(made, 'a', 'next', 'c'), 'a')).toEqual({ next: 'c' });
  expect(edgesOf(connect(made, 'a', 'next', null), 'a')).toEqual({});
});

test('the order is that of a conversation, with lost blocks at the end', () => {
  const made = flow(
    block('message', 'a', { next: 'b' }),
    block('end', 'lost'),
    block(
      'condition',
      'b',
      { else: 'd', 'branch:x': 'c' },
      { branches: [{ id: 'x', name: '', match: 'all', groups: [] }] },
    ),
    block('jump', 'c', {}, { block: 'a' }),
    block('end', 'd'),
  );
  expect(inOrder(made).map(({ block: { id }, depth, isReached }) => [id, depth, isReached])).toEqual([
    ['a', 0, true],
    ['b', 0, true],
    ['c', 1, true],
    ['d', 1, true],
    ['lost', 0, false],
  ]);
});

test('what comes before is known through circles and jumps', () => {
  const made = flow(
    block('message', 'a', { next: 'b' }),
    block('message', 'b', { next: 'c' }),
    block('jump', 'c', {}, { block: 'b' }),
    block('end', 'd'),
  );
  expect([...before(made, 'b')].toSorted()).toEqual(['a', 'b', 'c']);
  expect([...before(made, 'a')]).toEqual([]);
});

test('the first block is the start, and a place that stays is no change', () => {
  const made = addBlock(flow(), block('message', 'a'));
  expect(made.start).toBe('a');
  expect(moveBlocks(made, new Map([['a', { x: 0, y: 0 }]]))).toBe(made);
  expect(moveBlocks(made, new Map([['a', { x: 5, y: 0 }]])).blocks[0]?.position).toEqual({ x: 5, y: 0 });
});

test('what is put behind a block hangs on its usual way, then on a free one', () => {
  expect(mainWay(block('custom_integration', 'a'))).toBe('success');
  expect(mainWay(block('question', 'a', { next: 'b' }))).toBe('no_match');
  expect(mainWay(block('end', 'a'))).toBe(null);
});
