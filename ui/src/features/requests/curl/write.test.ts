// A request written as cURL holds no secret, and reads back as the request it was.
import { describe, expect, it } from 'vitest';

import type { Row } from '../../../api/schema';
import { emptyRequest, emptyRow, type FullRequest } from '../request';
import { parseCurl } from './parse';
import { writeCurl } from './write';

const row = (key: string, value: string) => ({ ...emptyRow(), key, value });
const NAMES = { inputs: ['account_id', 'count', 'name'], auth: ['api_key', 'region', 'name'] };
const request = (changes: Partial<FullRequest>): FullRequest => ({
  ...emptyRequest(),
  endpoint: 'https://api.acme.example/v1',
  ...changes,
});

const REQUESTS: [string, FullRequest][] = [
  ['plain', request({})],
  [
    'a path with references',
    request({ endpoint: 'https://{{auth.region}}.acme.example/v1/{{inputs.account_id}}x/{{inputs.count}}' }),
  ],
  ['a query', request({ query: [row('a b', 'c&d'), row('id', 'x {{inputs.account_id}}')] })],
  [
    'headers',
    request({
      headers: [
        row('X-Api-Key', '{{auth.api_key}}'),
        row('X-Note', `it's "quoted" $HOME \`x\` {{inputs.name}}`),
        row('X-Empty', ''),
      ],
    }),
  ],
  ['one name twice', request({ headers: [row('X-A', '{{auth.name}}'), row('X-B', '{{inputs.name}}')] })],
  [
    'a form',
    request({
      method: 'POST',
      body: { type: 'form', fields: [row('type', 'email & more'), row('account_id', '{{inputs.account_id}}')] },
    }),
  ],
  [
    'a multipart form',
    request({ method: 'PUT', body: { type: 'multipart', fields: [row('a', '@b'), row('c', '{{inputs.name}}')] } }),
  ],
  [
    'a form with a file',
    request({
      method: 'POST',
      body: {
        type: 'multipart',
        fields: [row('file', '@plain'), { ...row('document', '{{inputs.account_id}}'), kind: 'file' }],
      },
    }),
  ],
  [
    'JSON rows',
    request({
      method: 'POST',
      body: { type: 'json', fields: [row('a', '{{inputs.name}}'), row('b', 'it\'s "x" {{inputs.count}}')] },
    }),
  ],
  [
    'a JSON tree',
    request({
      method: 'POST',
      body: { type: 'json', json: { n: '{{inputs.count}}', l: [1, null, { t: '{{inputs.name}}' }] } },
    }),
  ],
  [
    'JSON of another type',
    request({
      method: 'PATCH',
      headers: [row('Content-Type', 'application/merge-patch+json')],
      body: { type: 'json', json: { a: [true] } },
    }),
  ],
  [
    'a raw text',
    request({
      method: 'POST',
      body: { type: 'raw', content_type: 'text/xml', text: '<a b="{{inputs.name}}">\n  \'$x\'\n</a>' },
    }),
  ],
  ['a GET with a body', request({ body: { type: 'form', fields: [row('a', 'b')] } })],
  ['HEAD', request({ method: 'HEAD' })],
  ['settings', request({ method: 'DELETE', follow_redirects: true, timeout_seconds: 5 })],
  ['braces', request({ headers: [row('X-A', '\\{{b}}')] })],
];

describe('a request that is copied and pasted', () => {
  it.each(REQUESTS)('is the same: %s', (_about, original) => {
    const text = writeCurl(original, {
      typeOf: (reference) => (reference.name === 'count' ? 'integer' : 'string'),
      isAmbiguous: (name) => name === 'name',
      values: {},
    });
    const back = parseCurl(text, NAMES);
    expect(back?.secrets, text).toEqual([]);
    expect(back?.notes, text).toEqual([]);
    expect(back?.request, text).toEqual(original);
  });
});

it('has variables for secrets, and samples for inputs', () => {
  const text = writeCurl(
    request({
      method: 'POST',
      headers: [row('X-Api-Key', '{{auth.api_key}}')],
      body: { type: 'json', json: { id: '{{inputs.count}}', name: '{{inputs.name}}' } },
      idempotency_header: 'Idempotency-Key',
    }),
    { typeOf: (reference) => (reference.name === 'count' ? 'integer' : 'string'), values: { count: '42' } },
  );
  expect(text).toBe(`API_KEY='<api_key>'
COUNT='42'
NAME='<name>'

curl 'https://api.acme.example/v1' \\
  -H "X-Api-Key: $API_KEY" \\
  -H 'Content-Type: application/json' \\
  -H "Idempotency-Key: $(uuidgen)" \\
  --data-raw '{"id":'"$COUNT"',"name":"'"$NAME"'"}'`);
});

it('names a file by a path to fill in, not by what names it here', () => {
  const fields: Row[] = [{ ...row('document', '{{inputs.name}}'), kind: 'file' }];
  const text = writeCurl(request({ method: 'POST', body: { type: 'multipart', fields } }), {
    typeOf: () => 'string',
    values: { name: 'med_01jd8z5w3qk6t7v8x9y0z1a2b3' },
  });
  expect(text).toBe(`NAME='<name>'

curl 'https://api.acme.example/v1' \\
  -F "document=@$NAME"`);
});

it('keeps a variable apart from the text behind it', () => {
  expect(writeCurl(request({ endpoint: 'https://a.example/{{inputs.name}}s' }))).toContain(
    '"https://a.example/${NAME}s"',
  );
});
