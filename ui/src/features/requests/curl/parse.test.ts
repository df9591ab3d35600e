// A cURL command, also one that a browser copied, becomes the request it would send.
import { describe, expect, it } from 'vitest';

import { codes, pairs, parse, request } from './forTests';
import { looksLikeCurl, parseCurl } from './parse';

describe('a command is known by its beginning', () => {
  it.each([
    'curl https://x',
    '  curl -X POST y',
    '$ curl x',
    'curl.exe x',
    '/usr/bin/curl x',
    'API_KEY=a curl x',
    "export A='b c'\ncurl x",
    'curl ^"x^"',
    'curl \\\n x',
  ])('%j', (text) => {
    expect(looksLikeCurl(text)).toBe(true);
  });

  it.each(['', 'curl', 'https://x/curl y', 'curly x', 'wget x', 'see curl x'])('%j is none', (text) => {
    expect(looksLikeCurl(text)).toBe(false);
  });

  it('and makes no request without an address', () => {
    expect(parseCurl('curl -X POST')).toBeNull();
    expect(parseCurl('wget https://x')).toBeNull();
  });
});

describe('methods', () => {
  it.each([
    ['curl https://x', 'GET'],
    ['curl -X DELETE https://x', 'DELETE'],
    ['curl --request patch https://x', 'PATCH'],
    ['curl -d a=b https://x', 'POST'],
    ['curl -X PUT -d a=b https://x', 'PUT'],
    ['curl -F a=b https://x', 'POST'],
    ["curl --json '{}' https://x", 'POST'],
    ['curl -I https://x', 'HEAD'],
    ['curl -T f https://x', 'PUT'],
    ['curl -G -d a=b https://x', 'GET'],
    ['curl -F a=@b https://x', 'POST'],
    ['curl -I -d a=b https://x', 'HEAD'],
  ])('%s', (text, method) => {
    expect(request(text).method).toBe(method);
  });

  it('that are not among ours are told', () => {
    expect(codes('curl -X PURGE https://x')).toEqual(['method PURGE']);
  });
});

describe('addresses', () => {
  it.each([
    ['curl https://a.example/b', 'https://a.example/b', []],
    [
      "curl 'https://a.example/b?c=1&d=x%20y'",
      'https://a.example/b',
      [
        ['c', '1'],
        ['d', 'x y'],
      ],
    ],
    [
      'curl https://a.example/b?c=1&d=2',
      'https://a.example/b',
      [
        ['c', '1'],
        ['d', '2'],
      ],
    ],
    [
      'curl https://a.example -G -d q=1 --data-urlencode "r=a b"',
      'https://a.example',
      [
        ['q', '1'],
        ['r', 'a b'],
      ],
    ],
    ['curl https://a.example --url-query "r=a b"', 'https://a.example', [['r', 'a b']]],
    ['curl --url https://a.example/x#part', 'https://a.example/x', []],
    ["curl 'https://a.example/{{x}}'", 'https://a.example/\\{{x}}', []],
  ])('%s', (text, endpoint, query) => {
    const found = request(text);
    expect(found.endpoint).toBe(endpoint);
    expect(pairs(found.query)).toEqual(query);
  });

  it('without a scheme get one', () => {
    expect(request('curl a.example/b').endpoint).toBe('https://a.example/b');
    expect(codes('curl a.example/b')).toEqual(['scheme']);
  });
});

describe('headers', () => {
  it.each([
    [
      "curl -H 'Accept: text/html' -H 'X-A:b' https://x",
      [
        ['Accept', 'text/html'],
        ['X-A', 'b'],
      ],
    ],
    ["curl -H 'X-Empty;' -H 'Accept:' https://x", [['X-Empty', '']]],
    ["curl -H 'X-A: 1' -H 'x-a: 2' https://x", [['X-A', '1, 2']]],
    [
      'curl -A me -e https://r https://x',
      [
        ['User-Agent', 'me'],
        ['Referer', 'https://r'],
      ],
    ],
    ["curl -H 'X-A: a: b' https://x", [['X-A', 'a: b']]],
    ['curl -r 0-9 https://x', [['Range', 'bytes=0-9']]],
  ])('%s', (text, headers) => {
    expect(pairs(request(text).headers)).toEqual(headers);
  });

  it('of a browser and those that are set anyway are left out, and told', () => {
    const text =
      "curl https://x -H 'Host: x' -H 'Content-Length: 3' -H 'sec-fetch-mode: cors' -H 'User-Agent: Mozilla/5.0' -H 'accept-language: es' -H 'X-A: b'";
    expect(pairs(request(text).headers)).toEqual([['X-A', 'b']]);
    expect(codes(text)).toEqual([
      'own_headers Host Content-Length',
      'browser_headers sec-fetch-mode User-Agent accept-language',
    ]);
  });

  it('an own User-Agent stays', () => {
    expect(pairs(request("curl https://x -H 'User-Agent: acme/1'").headers)).toEqual([['User-Agent', 'acme/1']]);
  });
});

it('reads what a browser copies', () => {
  const text = `curl 'https://api.acme.example/v1/orders?page=2' \\
  -X 'POST' \\
  -H 'accept: application/json, text/plain, */*' \\
  -H 'accept-language: es-CO,es;q=0.9' \\
  -H 'authorization: Bearer eyJhbGciOi.J9' \\
  -H 'content-type: application/json' \\
  -b 'sid=abc; theme=dark' \\
  -H 'origin: https://app.acme.example' \\
  -H 'priority: u=1, i' \\
  -H 'sec-ch-ua: "Chromium";v="156"' \\
  -H 'sec-fetch-dest: empty' \\
  -H 'user-agent: Mozilla/5.0 (X11; Linux x86_64)' \\
  --data-raw $'{"note":"it\\'s \\u0021","items":[{"sku":"A-1","qty":2}]}'`;
  const found = parse(text);
  expect(found.request.method).toBe('POST');
  expect(pairs(found.request.query)).toEqual([['page', '2']]);
  expect(found.request.headers.map((row) => row.key)).toEqual(['accept', 'authorization', 'Cookie', 'origin']);
  expect(found.request.body).toEqual({ type: 'json', json: { note: "it's !", items: [{ sku: 'A-1', qty: 2 }] } });
  expect(found.secrets.map(({ name }) => name)).toEqual(['authorization', 'Cookie']);
  expect(found.notes.map(({ code }) => code)).toEqual(['browser_headers']);
});
