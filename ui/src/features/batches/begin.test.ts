import { expect, test } from 'vitest';

import type { Variable } from '../flows/definition';
import { shapeOf, type Template } from '../templates/template';
import {
  contactOf,
  isFitting,
  missing,
  NO_BEGIN,
  slipsOf,
  sourcesOf,
  templateOf,
  unreadable,
  variablesOf,
} from './begin';
import { readPeople, readTable } from './people';

const table = readTable('number,name,seats\n+1 555 0100,Ana,2\n+1 555 0101,Luz,many');
const [ana] = readPeople(table, { number: 0, name: 1, needed: [] });
const variables = ['seats', 'city'].map((key) => ({ key, name: '', type: 'integer', default: '' })) as Variable[];
const begin = {
  ...NO_BEGIN,
  parameters: { first: { column: 1, text: '' }, second: { column: null, text: 'here' } },
  variables: { seats: { column: 2, text: '' }, city: { column: null, text: '7' } },
};

const same = (text: string) => ({ column: null, text });

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

test('header and buttons of a template are given to all, or to each with their own', () => {
  const buttons = [
    { type: 'QUICK_REPLY', text: 'No' },
    { type: 'URL', text: 'Look', url: 'https://acme.example/{{1}}' },
  ];
  const template = {
    name: 'offer',
    language: 'en',
    components: [
      { type: 'HEADER', format: 'DOCUMENT' },
      { type: 'BUTTONS', buttons },
    ],
  } as unknown as Template;
  const shape = shapeOf(template);
  const all = {
    ...NO_BEGIN,
    template: 'offer en',
    parameters: { '#header': same('https://acme.example/a/b.pdf?c=d') },
  };
  expect(missing(all, shape)).toEqual(['#button.1']);
  const whole = { ...all, parameters: { ...all.parameters, '#button.1': same('A 17') } };
  expect(slipsOf(whole, shape)).toEqual({ '#button.1': 'end' });
  const header = { kind: 'document', value: 'https://acme.example/a/b.pdf?c=d', name: '', filename: 'b.pdf' };
  expect(sourcesOf(templateOf(whole, template, shape)!, shape)).toEqual(whole.parameters);
  const own = { ...whole, parameters: { ...all.parameters, '#button.1': { column: 1, text: '' } } };
  expect(templateOf(own, template, shape)).toEqual({ name: 'offer', language: 'en', parameters: [], header });
  expect(contactOf(ana!, own, shape, [])).toMatchObject({ buttons: [{ index: 1, kind: 'url', value: 'Ana' }] });
  expect(
    [
      ['', 'A 17'],
      ['', 'A-17'],
    ].map((cells) => isFitting(own, shape, cells)),
  ).toEqual([false, true]);
});

test('a cell that does not read as its variable is told', () => {
  expect(table.rows.map(({ cells }) => unreadable(begin, variables, cells))).toEqual([[], ['seats']]);
});
