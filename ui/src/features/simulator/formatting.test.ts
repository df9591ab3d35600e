import { expect, test } from 'vitest';

import { openable, pieces } from './formatting';

test.each([
  ['plain', [{ text: 'plain' }]],
  ['a *b* c', [{ text: 'a ' }, { style: 'bold', pieces: [{ text: 'b' }] }, { text: ' c' }]],
  ['*b _i_*', [{ style: 'bold', pieces: [{ text: 'b ' }, { style: 'italic', pieces: [{ text: 'i' }] }] }]],
  ['~gone~!', [{ style: 'struck', pieces: [{ text: 'gone' }] }, { text: '!' }]],
  ['3*4*5', [{ text: '3*4*5' }]],
  ['* no * mark', [{ text: '* no * mark' }]],
  ['snake_case_name', [{ text: 'snake_case_name' }]],
  ['*two\nlines*', [{ text: '*two\nlines*' }]],
  ['`*x*`', [{ style: 'code', pieces: [{ text: '*x*' }] }]],
  ['```a\nb```', [{ style: 'block', pieces: [{ text: 'a\nb' }] }]],
  ['**', [{ text: '**' }]],
  ['', []],
  ['<b>*x*</b>', [{ text: '<b>' }, { style: 'bold', pieces: [{ text: 'x' }] }, { text: '</b>' }]],
  ['see https://acme.example/a?b=1.', [{ text: 'see ' }, { link: 'https://acme.example/a?b=1' }, { text: '.' }]],
])('%j is read as pieces', (text, expected) => {
  expect(pieces(text)).toEqual(expected);
});

test('only web addresses can be opened', () => {
  expect(openable('https://acme.example/x')).toBe('https://acme.example/x');
  expect(openable('javascript:alert(1)')).toBeNull();
  expect(openable('https://')).toBeNull();
  expect(openable('')).toBeNull();
});
