import { expect, test } from 'vitest';

import type { Variable } from '../flows/definition';
import { valuesOf } from './startValues';

const variable = (key: string, type: Variable['type']): Variable => ({ key, type, name: '', default: '' });

test('each value is read by its type', () => {
  const variables = [
    variable('text', 'string'),
    variable('count', 'integer'),
    variable('price', 'number'),
    variable('yes', 'boolean'),
    variable('list', 'json'),
    variable('none', 'string'),
  ];
  const typed = { text: ' a ', count: '12', price: '1.5', yes: 'true', list: '[1]', none: '' };
  expect(valuesOf(variables, typed)).toEqual({
    values: { text: 'a', count: 12, price: 1.5, yes: true, list: [1] },
    wrong: [],
  });
});

test('what cannot be read is named', () => {
  const variables = [variable('count', 'integer'), variable('yes', 'boolean'), variable('list', 'json')];
  expect(valuesOf(variables, { count: '1.5', yes: 'maybe', list: '[' })).toEqual({
    values: {},
    wrong: ['count', 'yes', 'list'],
  });
});
