// Rows as text and back, their ids, and what is listed twice.
import { describe, expect, it } from 'vitest';

import { errorsBelow, softErrors, stillTrue, valueAt } from './errors';
import { emptyRow } from './request';
import { canBeText, duplicateKeys, idsFor, moved, pairsOf, rowsFromText, rowsToText } from './rows';
import { splitQuery } from './urls';

const row = (key: string, value: string) => ({ ...emptyRow(), key, value });

describe('rows as text', () => {
  it('come back as they were, with their options', () => {
    const rows = [{ ...row('X-Id', '{{inputs.a}}'), send_empty: true }, row('Accept', 'a: b')];
    expect(rowsToText(rows, 'headers')).toBe('X-Id: {{inputs.a}}\nAccept: a: b');
    expect(rowsFromText(rowsToText(rows, 'headers'), 'headers', rows)).toEqual(rows);
    const pairs = [row('a', 'b=c'), row('b', '')];
    expect(rowsFromText(rowsToText(pairs, 'query'), 'query')).toEqual(pairs);
  });

  it('may be pasted from elsewhere', () => {
    expect(rowsFromText('Accept:application/json\r\n\r\n X-A : 1 ', 'headers')).toEqual([
      row('Accept', 'application/json'),
      row('X-A', '1'),
    ]);
    expect(rowsFromText('?a=1&b=x%20y', 'query')).toEqual([row('a', '1'), row('b', 'x y')]);
    expect(rowsFromText('name', 'fields')).toEqual([row('name', '')]);
    expect(rowsFromText('a=1&2', 'fields')).toEqual([row('a', '1&2')]);
  });

  it('are refused where a value has lines of its own', () => {
    expect(canBeText([row('a', 'b\nc')])).toBe(false);
    expect(canBeText([row('a', 'b')])).toBe(true);
  });
});

describe('ids of rows', () => {
  it('stay with their rows, and there is one for the row below', () => {
    const first = idsFor([], 2);
    expect(first).toHaveLength(3);
    expect(idsFor(first, 2)).toBe(first);
    expect(idsFor(first, 3).slice(0, 3)).toEqual(first);
    expect(idsFor(first, 1)).toEqual([first[0], first[2]]);
    expect(new Set(idsFor(first, 5)).size).toBe(6);
  });

  it('move with them', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });
});

it('a key is twice there as the server sees it', () => {
  expect([...duplicateKeys([row('Accept', ''), row('accept', ''), row('', ''), row('', '')], 'headers')]).toEqual([1]);
  expect([...duplicateKeys([row('a', ''), row('A', ''), row('a', '')], 'fields')]).toEqual([2]);
});

describe('a query in an endpoint', () => {
  it.each([
    [
      'https://a.example/x?b=1&c=x%20y+z',
      'https://a.example/x',
      [
        ['b', '1'],
        ['c', 'x y z'],
      ],
    ],
    [
      'https://a.example?id={{inputs.id}}&k=a{{auth.k}}b',
      'https://a.example',
      [
        ['id', '{{inputs.id}}'],
        ['k', 'a{{auth.k}}b'],
      ],
    ],
    ['https://a.example/{{inputs.id}}?q=1#part', 'https://a.example/{{inputs.id}}#part', [['q', '1']]],
    ['https://a.example/?q=%7B%7Binputs.id%7D%7D', 'https://a.example/', [['q', '\\{{inputs.id}}']]],
    [
      'https://a.example/?q=100%&flag',
      'https://a.example/',
      [
        ['q', '100%'],
        ['flag', ''],
      ],
    ],
  ])('%s', (text, endpoint, pairs) => {
    expect(splitQuery(text)).toEqual({ endpoint, rows: pairs.map(([key, value]) => row(key!, value!)) });
  });

  it.each([
    'https://a.example/x',
    'https://a.example/?',
    'https://a.example/?{{inputs.name}}=1',
    'https://a.example/#?a=b',
    '',
  ])('there is none to take out of %j', (text) => {
    expect(splitQuery(text)).toBeNull();
  });

  it('reads pairs as servers do', () => {
    expect(pairsOf('a=b=c&&d')).toEqual([
      ['a', 'b=c'],
      ['d', ''],
    ]);
  });
});

describe('errors', () => {
  it('go once their field is another', () => {
    const refused = { query: [{ key: 'a', value: 'x' }], endpoint: 'b' };
    const now = { query: [{ key: 'a', value: 'y' }], endpoint: 'b' };
    expect(stillTrue({ 'query[0].value': 'no', endpoint: 'no', 'query[0].key': 'no' }, refused, now)).toEqual({
      endpoint: 'no',
      'query[0].key': 'no',
    });
    expect(valueAt({ body: { json: { a: { b: [1] } } } }, 'body.json.a.b[0]')).toBe(1);
    expect(valueAt({ body: null }, 'body.json.a')).toBeUndefined();
  });

  it('of the preview are those of the request, and not that something is empty', () => {
    const problems = [
      { path: 'request.endpoint', code: 'required', message: 'x' },
      { path: 'request.headers[0].key', code: 'header_reserved', message: 'y' },
      { path: 'values.a', code: 'input_type', message: 'z' },
    ];
    expect(softErrors(problems)).toEqual({ 'headers[0].key': 'y' });
  });

  it('are found below a path', () => {
    expect(
      errorsBelow(
        { hard: { 'body.json.a': 'one', 'body.jsonp': 'no' }, soft: { 'body.json': 'two', 'body.json[0]': 'one' } },
        'body.json',
      ),
    ).toEqual(['one', 'two']);
  });
});
