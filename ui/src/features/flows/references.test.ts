// What a block's texts can speak of.
import { expect, test } from 'vitest';

import { referencedKeys, referencesFor, renameReferences } from './references';
import { block, flow } from './testing';

const made = {
  ...flow(
    block('question', 'a', { next: 'b' }, { answer: 'photo', expects: 'file', name: 'Photo' }),
    block('custom_integration', 'b', { success: 'c' }, { key: 'look', action_id: 'act_1' }),
    block(
      'list',
      'c',
      { next: 'd' },
      {
        answer: 'plan',
        source: {
          rows: '',
          id: '',
          title: '',
          description: '',
          values: [{ identifier: 'price', key: 'p', type: 'number' }],
        },
      },
    ),
    block('question', 'd', {}, { answer: 'age', expects: 'integer' }),
  ),
  variables: [{ key: 'city', name: 'City', type: 'string' as const, default: '' }],
};
const outputsOf = (id: string) => (id === 'act_1' ? [{ identifier: 'label', name: 'Label', type: 'string' }] : []);
const words = {
  title: ({ name, id }: { name: string; id: string }) => name || id,
  part: (name: string) => name,
  contact: (name: string) => name,
};
const offered = (id: string | null) =>
  referencesFor(made, id, outputsOf, words)
    .filter(({ isHidden }) => !isHidden)
    .map(({ text, type }) => `${text} ${type}`);

test('answers, outputs and calls of what comes before, variables and the person', () => {
  expect(offered('d')).toEqual([
    'answers.photo json',
    'answers.photo.url string',
    'answers.photo.mime_type string',
    'answers.photo.filename string',
    'outputs.look.label string',
    'calls.look.outcome string',
    'calls.look.status integer',
    'calls.look.error string',
    'calls.look.body string',
    'answers.plan string',
    'answers.plan.price number',
    'variables.city string',
    'contact.name string',
    'contact.phone string',
  ]);
});

test('what comes later is known but not offered', () => {
  expect(offered('a')).toEqual(['variables.city string', 'contact.name string', 'contact.phone string']);
  expect(referencesFor(made, 'a', outputsOf, words).some(({ text }) => text === 'answers.age')).toBe(true);
});

test('the texts of the whole flow may speak of everything', () => {
  expect(offered(null)).toContain('answers.age integer');
});

test('an identifier is renamed wherever a text names it, and nowhere else', () => {
  const renames = { answers: new Map([['a', 'b']]) };
  expect(
    renameReferences(
      { x: ['{{answers.a}} {{ answers.a.url }} {{outputs.a.c}} \\{{answers.a}} {{answers.ab}}'] },
      renames,
    ),
  ).toEqual({
    x: ['{{answers.b}} {{answers.b.url}} {{outputs.a.c}} \\{{answers.a}} {{answers.ab}}'],
  });
  expect(
    referencedKeys(block('end', 'a', {}, { text: '{{variables.x}} {{variables.y}} {{answers.z}}' }), 'variables'),
  ).toEqual(['x', 'y']);
});
