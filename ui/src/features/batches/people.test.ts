import { expect, test } from 'vitest';

import { nameColumn, numberColumn, readPeople, readTable, slipOf } from './people';

test.each([
  ['+1 555 0100', null],
  ['(+1) 555-0100.', null],
  ['15550100', null],
  ['\u202a+1 555 0100\u202c', null],
  ['', 'none'],
  ['01 555 0100', 'country'],
  ['5.73E+11', 'shortened'],
  ['5,73e11', 'shortened'],
  ['12', 'wrong'],
  ['Ana', 'wrong'],
  ['1234567890123456', 'wrong'],
])('%s is %s', (written, slip) => {
  expect(slipOf(written)).toBe(slip);
});

test('lines alone are numbers', () => {
  const table = readTable('+1 555 0100\r\n\n+1 555 0101\n');
  expect(table.columns).toEqual(['A']);
  expect(readPeople(table, { number: numberColumn(table), name: null, needed: [] })).toMatchObject([
    { line: 1, phone: '+15550100', slip: null },
    { line: 3, phone: '+15550101', slip: null },
  ]);
});

test('a table tells by its head and its numbers which column is which', () => {
  const table = readTable(
    'Nombre;Teléfono;Ciudad\n"Ana; la primera";+1 555 0100;"São ""P"""\nLuz;+1 555 0100;\nEva;0100;x',
  );
  const number = numberColumn(table);
  expect(table.columns).toEqual(['Nombre', 'Teléfono', 'Ciudad']);
  expect(number).toBe(1);
  expect(nameColumn(table, number)).toBe(0);
  const people = readPeople(table, { number, name: 0, needed: [2] });
  expect(people.map(({ line, slip }) => [line, slip])).toEqual([
    [2, null],
    [3, 'twice'],
    [4, 'country'],
  ]);
  expect(people[0]).toMatchObject({ name: 'Ana; la primera', cells: ['Ana; la primera', '+1 555 0100', 'São "P"'] });
});

test('of two columns without heads one is the name', () => {
  const table = readTable('Ana,+1 555 0100\nLuz,+1 555 0101');
  expect(table.rows.length).toBe(2);
  expect(nameColumn(table, numberColumn(table))).toBe(0);
});

test('what a template says may not be empty', () => {
  const table = readTable('phone\tday\n+1 555 0100\t\n+1 555 0101\tMonday');
  expect(readPeople(table, { number: 0, name: null, needed: [1] }).map(({ slip }) => slip)).toEqual(['empty', null]);
});
