import { expect, test } from 'vitest';

import type { Variable } from '../flows/definition';
import { shapeOf } from '../templates/template';
import { contactOf, missing, NO_BEGIN, unreadable, variablesOf } from './begin';
import { readPeople, readTable } from './people';

const table = readTable('number,name,seats\n+1 555 0100,Ana,2\n+1 555 0101,Luz,many');
const [ana] = readPeople(table, { number: 0, name: 1, needed: [] });
const variables = ['seats', 'city'].map((key) => ({ key, name: '', type: 'integer', default: '' })) as Variable[];
const begin = {
  ...NO_BEGIN,
  parameters: { first: { column: 1, text: '' }, second: { column: null, text: 'here' } },
  variables: { seats: { column: 2, text: '' }, city: { column: null, text: '7' } },
};

test('what is the same for everybody is said once, what is their own with each', () => {
  const shape = shapeOf({ components: [{ type: 'BODY', text: '{{first}} {{second}}' }] });
  expect(variablesOf(begin, variables)).toEqual({ city: 7 });
  expect(contactOf(ana!, begin, shape, variables)).toEqual({
    phone: '+15550100',
    name: 'Ana',
    variables: { seats: 2 },
    parameters: { first: 'Ana', second: 'here' },
  });
});

test('values without names are a list, and where none is their own nothing is sent with anybody', () => {
  const shape = shapeOf({ components: [{ type: 'BODY', text: '{{1}}' }] });
  const own = { ...begin, parameters: { 1: { column: 1, text: '' } }, variables: {} };
  expect(contactOf(ana!, own, shape, [])).toMatchObject({ parameters: ['Ana'] });
  expect(contactOf(ana!, { ...own, parameters: {} }, shape, [])).toEqual({ phone: '+15550100', name: 'Ana' });
  expect(missing({ ...own, parameters: {} }, shape)).toEqual(['1']);
});

test('a cell that does not read as its variable is told', () => {
  expect(table.rows.map(({ cells }) => unreadable(begin, variables, cells))).toEqual([[], ['seats']]);
});
