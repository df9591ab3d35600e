import { expect, test } from 'vitest';

import { AS_IF_WORDS, asIfOf, outputOf, withoutWord, wordOf } from './asIf';

test('every word leads to an answer and back', () => {
  for (const word of [...AS_IF_WORDS, withoutWord('validation_id')]) expect(wordOf(asIfOf(word))).toBe(word);
  expect(asIfOf(null)).toBeNull();
  expect(wordOf(null)).toBeNull();
});

test('an output that is left out is named', () => {
  expect(asIfOf(withoutWord('status'))).toEqual({ outcome: 'ok', without_outputs: ['status'] });
  expect(outputOf(withoutWord('status'))).toBe('status');
  expect(outputOf('timeout')).toBeNull();
});
