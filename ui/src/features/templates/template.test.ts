import { expect, test } from 'vitest';

import { filledHeader, filledText, shapeOf, slipOfValue } from './template';

const body = (text: string) => ({ type: 'BODY', text });

test('the values of a body come in their order', () => {
  expect(shapeOf({ components: [body('{{2}} and {{ 1 }}, {{2}} and {{10}}')] })).toMatchObject({
    parameters: ['1', '2', '10'],
    isNamed: false,
    unfit: null,
  });
  expect(shapeOf({ components: [body('{{name}}, {{order_number}}')] })).toMatchObject({
    parameters: ['name', 'order_number'],
    isNamed: true,
  });
});

test.each([
  [{ type: 'HEADER', format: 'LOCATION' }, 'header'],
  [{ type: 'HEADER', format: 'TEXT', text: 'Hello' }, null],
  [{ type: 'BUTTONS', buttons: [{ type: 'OTP', text: 'Copy' }] }, 'buttons'],
  [{ type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Yes' }] }, null],
  [{ type: 'CAROUSEL', cards: [] }, 'parts'],
  [null, null],
])('%o wants nothing that can be given: %s', (part, unfit) => {
  const shape = shapeOf({ components: [body('Hi'), part] });
  expect([shape.unfit, shape.slots]).toEqual([unfit, []]);
});

test('header, body and buttons take values, in the order in which they are seen', () => {
  const buttons = [
    { type: 'QUICK_REPLY', text: 'Yes' },
    { type: 'URL', text: 'Look', url: 'https://acme.example/{{1}}' },
    { type: 'COPY_CODE', text: 'Copy' },
    { type: 'URL', text: 'Home', url: 'https://acme.example/' },
  ];
  const head = { type: 'header', format: 'text', text: 'Hello {{who}}' };
  const shape = shapeOf({ components: [{ type: 'BUTTONS', buttons }, body('{{1}}'), head] });
  expect(shape.slots.map(({ key, kind, name, index, before }) => [key, kind, name, index, before])).toEqual([
    ['#header', 'text', 'who', 0, ''],
    ['1', 'body', '1', 0, ''],
    ['#button.1', 'url', 'Look', 1, 'https://acme.example/'],
    ['#button.2', 'copy_code', 'Copy', 2, ''],
  ]);
  expect(filledHeader(shape, { '#header': 'Ana' })).toBe('Hello Ana');
  const picture = shapeOf({ components: [{ type: 'HEADER', format: 'IMAGE' }] });
  expect(picture).toMatchObject({ file: 'image', unfit: null, slots: [{ key: '#header', kind: 'image' }] });
  const slips = [...shape.slots, ...picture.slots].map((each) => slipOfValue(each, 'http://a.example/ a long one'));
  expect(slips).toEqual([null, null, 'end', 'code', 'address']);
});

test('what is not filled in stays as it is', () => {
  expect(filledText('{{1}} and {{2}}', { 1: 'Ana' })).toBe('Ana and {{2}}');
});
