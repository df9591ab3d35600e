// References to an input are found and rewritten wherever they stand, and nothing else is.
import { expect, test } from 'vitest';

import type { Request } from '../../api/schema';
import { exactNumber } from '../../api/exactJson';
import { placesOf, renameInput } from './inputReferences';

const row = (key: string, value: string) => ({ key, value, send_empty: false, allow_utf8: false });
const request: Request = {
  method: 'POST',
  endpoint: 'https://api.acme.example/{{inputs.code}}/{{ inputs.code }}/\\{{inputs.code}}/{{inputs.code_2}}',
  query: [row('q', '{{inputs.code}}'), row('r', '{{auth.code}}')],
  headers: [row('X-Code', 'a{{inputs.code}}b')],
  body: { type: 'json', json: { a: [{ b: '{{inputs.code}}' }], n: exactNumber('12345678901234567890'), c: 'code' } },
  follow_redirects: false,
};

test('every place is named once', () => {
  expect(placesOf(request, 'code')).toEqual([
    { kind: 'endpoint', name: '' },
    { kind: 'query', name: 'q' },
    { kind: 'header', name: 'X-Code' },
    { kind: 'json', name: 'a[0].b' },
  ]);
  expect(placesOf(request, 'other')).toEqual([]);
  expect(placesOf(request, '')).toEqual([]);
  expect(placesOf(null, 'code')).toEqual([]);
});

test('a rename changes the references and nothing else', () => {
  const renamed = renameInput(request, 'code', 'token');
  expect(renamed.endpoint).toBe(
    'https://api.acme.example/{{inputs.token}}/{{inputs.token}}/\\{{inputs.code}}/{{inputs.code_2}}',
  );
  expect(renamed.query?.map(({ value }) => value)).toEqual(['{{inputs.token}}', '{{auth.code}}']);
  expect(renamed.body?.json).toEqual({
    a: [{ b: '{{inputs.token}}' }],
    n: exactNumber('12345678901234567890'),
    c: 'code',
  });
  expect(placesOf(renamed, 'code')).toEqual([]);
});

test('references can be taken out', () => {
  expect(renameInput(request, 'code', null).headers?.[0]?.value).toBe('ab');
});

test('fields and raw texts are looked through too', () => {
  const form: Request = { ...request, body: { type: 'form', fields: [row('token', '{{inputs.code}}')] } };
  expect(placesOf(form, 'code')).toContainEqual({ kind: 'field', name: 'token' });
  const raw: Request = { ...request, body: { type: 'raw', content_type: 'text/plain', text: 'x {{inputs.code}}' } };
  expect(placesOf(raw, 'code')).toContainEqual({ kind: 'text', name: '' });
  expect(renameInput(raw, 'code', 'token').body?.text).toBe('x {{inputs.token}}');
});
