// Blocks on the clipboard and back.
import { expect, test } from 'vitest';

import { copyBlocks, pasteBlocks, readBlocks } from './clipboard';
import type { Definition } from './definition';
import { block, flow } from './testing';

const made: Definition = {
  ...flow(
    block('question', 'a', { next: 'b' }, { answer: 'code', position: { x: 10, y: 20 } }),
    block(
      'custom_integration',
      'b',
      { success: 'c', failed: 'z' },
      { key: 'check', inputs: { code: '{{answers.code}}' } },
    ),
    block(
      'message',
      'c',
      { next: 'a' },
      {
        content: {
          kind: 'text',
          text: 'Got {{outputs.check.name}}, {{calls.check.status}}, {{variables.city}} \\{{x}}',
        },
        position: { x: 110, y: 20 },
      },
    ),
    block('end', 'z'),
  ),
  variables: [
    { key: 'city', name: 'City', type: 'string', default: '' },
    { key: 'unused', name: '', type: 'string', default: '' },
  ],
};

test('what is copied holds its inner ways and its variables alone', () => {
  const copied = readBlocks(copyBlocks(made, new Set(['b', 'c'])));
  expect(copied?.blocks.map(({ id, edges }) => [id, edges])).toEqual([
    ['b', { success: 'c' }],
    ['c', {}],
  ]);
  expect(copied?.variables.map(({ key }) => key)).toEqual(['city']);
});

test('pasted into the same flow, blocks get names of their own and speak of each other by them', () => {
  const pasted = pasteBlocks(made, copyBlocks(made, new Set(['a', 'b', 'c'])), { x: 500, y: 500 })!;
  expect(pasted.definition.blocks).toHaveLength(7);
  const [a, b, c] = pasted.ids.map((id) => pasted.definition.blocks.find((each) => each.id === id)!);
  expect(a).toMatchObject({ answer: 'code_2', edges: { next: b!.id }, position: { x: 510, y: 520 } });
  expect(b).toMatchObject({ key: 'check_2', inputs: { code: '{{answers.code_2}}' }, edges: { success: c!.id } });
  expect(c).toMatchObject({
    content: { text: 'Got {{outputs.check_2.name}}, {{calls.check_2.status}}, {{variables.city}} \\{{x}}' },
    edges: { next: a!.id },
  });
  expect(pasted.definition.variables).toEqual(made.variables);
});

test('pasted into another flow, names stay and variables come along', () => {
  const pasted = pasteBlocks(flow(), copyBlocks(made, new Set(['a', 'b', 'c'])), { x: 0, y: 0 })!;
  expect(pasted.definition.start).toBe(pasted.ids[0]);
  expect(pasted.definition.blocks[1]).toMatchObject({ key: 'check', inputs: { code: '{{answers.code}}' } });
  expect(pasted.definition.variables.map(({ key }) => key)).toEqual(['city']);
});

test.each([
  '',
  'hello',
  '{"kind":"recado/blocks"}',
  '{"kind":"recado/blocks","blocks":[]}',
  '{"kind":"recado/blocks","blocks":[{"id":1}]}',
  'recado/blocks',
])('other text holds no blocks: %s', (text) => {
  expect(readBlocks(text)).toBe(null);
  expect(pasteBlocks(made, text, { x: 0, y: 0 })).toBe(null);
});
