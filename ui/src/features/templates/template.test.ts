import { expect, test } from 'vitest';

import { filledBody, shapeOf } from './template';

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
  [{ type: 'HEADER', format: 'IMAGE' }, 'header'],
  [{ type: 'header', format: 'text', text: 'Hello {{1}}' }, 'header'],
  [{ type: 'HEADER', format: 'TEXT', text: 'Hello' }, null],
  [{ type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Look', url: 'https://acme.example/{{1}}' }] }, 'buttons'],
  [{ type: 'BUTTONS', buttons: [{ type: 'OTP', text: 'Copy' }] }, 'buttons'],
  [{ type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Yes' }] }, null],
  [null, null],
])('%o wants more than a body is given: %s', (part, unfit) => {
  expect(shapeOf({ components: [body('Hi'), part] }).unfit).toBe(unfit);
});

test('what is not filled in stays as it is', () => {
  expect(filledBody('{{1}} and {{2}}', { 1: 'Ana' })).toBe('Ana and {{2}}');
});
