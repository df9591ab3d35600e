// A body that is switched from form to form keeps what was written.
import { describe, expect, it } from 'vitest';

import {
  bodyOfText,
  isUnfinishedJson,
  rowsOfTree,
  switched,
  textOfBody,
  treeOfRows,
  viewOf,
  type FullBody,
} from './bodies';
import { emptyRow } from './request';

const row = (key: string, value: string) => ({ ...emptyRow(), key, value });
const rows = [row('a', '{{inputs.a}}'), row('b', 'x')];

describe('switching', () => {
  it.each([
    ['form', 'multipart'],
    ['multipart', 'json'],
    ['json', 'form'],
  ] as const)('takes the rows from %s to %s', (from, to) => {
    expect(switched({ type: from, fields: rows }, to, {})).toEqual({ type: to, fields: rows });
  });

  it('brings back what a form held before', () => {
    const form: FullBody = { type: 'form', fields: rows };
    const raw: FullBody = { type: 'raw', content_type: 'text/xml', text: '<a/>' };
    expect(switched({ type: 'none' }, 'form', { form })).toBe(form);
    expect(switched(form, 'raw', { raw })).toBe(raw);
  });

  it('brings back a tree that rows cannot hold', () => {
    const json: FullBody = { type: 'json', json: { a: [1, { b: null }] } };
    expect(switched(json, 'form', {})).toEqual({ type: 'form', fields: [] });
    expect(switched({ type: 'form', fields: rows }, 'json', { json })).toBe(json);
  });

  it('makes text of JSON and JSON of text', () => {
    const raw = switched({ type: 'json', fields: rows }, 'raw', {});
    expect(raw).toEqual({
      type: 'raw',
      content_type: 'application/json',
      text: '{\n  "a": "{{inputs.a}}",\n  "b": "x"\n}',
    });
    expect(switched(raw, 'json', {})).toEqual({ type: 'json', json: { a: '{{inputs.a}}', b: 'x' } });
    expect(switched({ type: 'raw', content_type: 'text/plain', text: 'hello' }, 'json', {})).toEqual({
      type: 'json',
      fields: [],
    });
  });
});

it('keeps a JSON text that is not finished, wherever one goes in between', () => {
  const unfinished: FullBody = { type: 'raw', content_type: 'application/json', text: '{"a": ' };
  expect(switched(unfinished, 'raw', {})).toBe(unfinished);
  expect(switched(unfinished, 'form', {})).toEqual({ type: 'form', fields: [] });
  expect(switched({ type: 'form', fields: rows }, 'json', { json: unfinished })).toBe(unfinished);
});

describe('a JSON text', () => {
  it('is a tree as soon as it reads as one, and is kept until then', () => {
    expect(bodyOfText('{"a": {{inputs.a}}}')).toEqual({ type: 'json', json: { a: '{{inputs.a}}' } });
    expect(bodyOfText('{"a": ')).toEqual({ type: 'raw', content_type: 'application/json', text: '{"a": ' });
    expect(isUnfinishedJson(bodyOfText('{"a": '))).toBe(true);
    expect(isUnfinishedJson(bodyOfText('{}'))).toBe(false);
    expect(bodyOfText(' \n')).toEqual({ type: 'json' });
  });

  it('comes back from each form', () => {
    expect(textOfBody({ type: 'json', json: null })).toBe('null');
    expect(textOfBody({ type: 'json' })).toBe('');
    expect(textOfBody({ type: 'raw', text: '{' })).toBe('{');
    expect(viewOf({ type: 'json', json: [] })).toBe('tree');
    expect(viewOf({ type: 'json', fields: [] })).toBe('rows');
  });
});

describe('rows and trees', () => {
  it('become each other where all values are texts', () => {
    expect(rowsOfTree(treeOfRows(rows))).toEqual(rows);
    expect(rowsOfTree({ a: 1 })).toBeNull();
    expect(rowsOfTree({ a: { b: 'c' } })).toBeNull();
    expect(rowsOfTree(['a'])).toBeNull();
    expect(rowsOfTree({})).toEqual([]);
  });
});
