// A pasted cURL command becomes the request it would have made, and what does not is told.
import { describe, expect, it } from 'vitest';

import type { Row } from '../../../api/schema';
import { looksLikeCurl, parseCurl, type CurlImport, type Names } from './parse';
import { readOptions } from './options';
import { identifierFor, looksSecret, placeSecrets } from './secrets';
import { splitCommand } from './words';

const parse = (text: string, names?: Names): CurlImport => {
  const found = parseCurl(text, names);
  expect(found, text).not.toBeNull();
  return found!;
};
const request = (text: string, names?: Names) => parse(text, names).request;
const pairs = (rows: Row[] | null | undefined) => rows?.map((row) => [row.key, row.value]);
const codes = (text: string) => parse(text).notes.map((note) => `${note.code} ${note.words.join(' ')}`.trim());

describe('words of a shell', () => {
  it.each([
    ['a \'b c\' "d e"', ['a', 'b c', 'd e']],
    ['a\'b\'"c"d', ['abcd']],
    ['\'\' ""', ['', '']],
    ['a\\ b', ['a b']],
    ['a \\\n  b', ['a', 'b']],
    ['a \\  \r\n  b', ['a', 'b']],
    ['"a\\"b\\\\c\\n"', ['a"b\\c\\n']],
    ["'a\\n\"b'", ['a\\n"b']],
    ["'it'\\''s'", ["it's"]],
    ["$'a\\n\\t\\'\\\\\\x41\\u00e9\\101\\q'", ["a\n\t'\\AéA\\q"]],
    ["$'\\U0001F600'", ['😀']],
    ['"a $B ${C} $1 $"', ['a \u{f0000}B\u{f0001} \u{f0000}C\u{f0001} $1 $']],
    ["'$B'", ['$B']],
    ['a # comment\nb', ['a', 'b']],
    ['a#b', ['a#b']],
    ['a > out.json b', ['a', 'b']],
    ['a 2>/dev/null b 2>&1', ['a', 'b']],
    ['x?a=1&b=2', ['x?a=1&b=2']],
    ['x;y', ['x;y']],
  ])('%j', (text, words) => {
    expect(splitCommand(text).words).toEqual(words);
  });

  it.each([
    ['curl a | jq .', ['curl', 'a'], '| jq .'],
    ['curl a && echo b', ['curl', 'a'], '&& echo b'],
    ['curl a; echo b', ['curl', 'a'], '; echo b'],
    ['curl a\necho b', ['curl', 'a'], 'echo b'],
  ])('%j ends early', (text, words, rest) => {
    expect(splitCommand(text)).toEqual({ words, rest, isOpen: false });
  });

  it('forgives lost backslashes and open quotes', () => {
    expect(splitCommand("curl 'https://x'\n  -H 'a: b'\n  -d '{}'").words).toEqual([
      'curl',
      'https://x',
      '-H',
      'a: b',
      '-d',
      '{}',
    ]);
    expect(splitCommand("a 'b c").isOpen).toBe(true);
    expect(splitCommand('a "b c').isOpen).toBe(true);
  });
});

describe('words of the command prompt', () => {
  it.each([
    [
      'curl ^"https://x/?a=1^&b=2^" ^\r\n  -H ^"A: b^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":1^}^"',
      ['curl', 'https://x/?a=1&b=2', '-H', 'A: b', '--data-raw', '{"a":1}'],
    ],
    ['curl "https://x/" ^\n  -H "A: \\"q\\"" ^\n  -d "a""b"', ['curl', 'https://x/', '-H', 'A: "q"', '-d', 'a"b']],
    ['a ^\n "c:\\\\dir\\\\" \'b', ['a', 'c:\\\\dir\\', "'b"]],
  ])('%j', (text, words) => {
    expect(splitCommand(text).words).toEqual(words);
  });
});

describe('options', () => {
  it.each([
    [['-XPOST'], [['-X', 'POST']]],
    [
      ['-sSLk', '-o', 'f'],
      [
        ['-s', ''],
        ['-S', ''],
        ['-L', ''],
        ['-k', ''],
        ['-o', 'f'],
      ],
    ],
    [
      ['-sXPUT', 'u'],
      [
        ['-s', ''],
        ['-X', 'PUT'],
        ['u', 'u'],
      ],
    ],
    [
      ['--request=PUT', '--url', 'u'],
      [
        ['--request', 'PUT'],
        ['--url', 'u'],
      ],
    ],
    [['--', '-x'], [['-x', '-x']]],
    [['-H'], [['-H', '']]],
  ])('%j', (words, expected) => {
    expect(readOptions(words).map(({ written, value }) => [written, value])).toEqual(expected);
  });

  it('that nobody knows are said to be unknown', () => {
    expect(
      readOptions(['--frobnicate', '-%', '--no-buffer', '--compressed', '--proxy', 'p']).map(({ meaning }) => meaning),
    ).toEqual(['unknown', 'unknown', 'quiet', 'quiet', 'lost']);
  });
});

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

describe('bodies', () => {
  it.each([
    [
      'form',
      'curl https://x -d a=b -d "c=d e&f="',
      [
        ['a', 'b'],
        ['c', 'd e'],
        ['f', ''],
      ],
    ],
    [
      'form',
      "curl https://x --data-urlencode 'a=b&c' --data-urlencode 'd=é'",
      [
        ['a', 'b&c'],
        ['d', 'é'],
      ],
    ],
    [
      'form',
      "curl https://x --data-raw 'a=%40b' -H 'Content-Type: application/x-www-form-urlencoded; charset=UTF-8'",
      [['a', '@b']],
    ],
    [
      'multipart',
      "curl https://x -F a=b -F 'c=\"d;e\"' --form-string 'f=@g'",
      [
        ['a', 'b'],
        ['c', 'd;e'],
        ['f', '@g'],
      ],
    ],
    ['json', 'curl https://x -H "content-type: application/json" -d \'{"a":"b"}\'', [['a', 'b']]],
    ['json', 'curl https://x --json \'{"a":\' --json \'"b"}\'', [['a', 'b']]],
  ])('%s: %s', (type, text, fields) => {
    const { body } = request(text);
    expect(body.type).toBe(type);
    expect(pairs(body.fields)).toEqual(fields);
    expect(request(text).headers).toEqual([]);
  });

  it('of JSON keep their shape and digits', () => {
    const { body, headers } = request(
      `curl https://x -H 'Content-Type: application/json' -d '{"a":[1,{"b":null}],"c":12.10}'`,
    );
    expect(JSON.stringify(body.json)).toBe(
      JSON.rawJSON ? '{"a":[1,{"b":null}],"c":12.10}' : '{"a":[1,{"b":null}],"c":12.1}',
    );
    expect(headers).toEqual([]);
  });

  it('that read as JSON are taken for it', () => {
    const found = parse(`curl https://x -d '{"a":1}'`);
    expect(found.request.body).toEqual({ type: 'json', json: { a: 1 } });
    expect(found.notes.map((note) => note.code)).toEqual(['json_guess']);
  });

  it('that say JSON and are none are kept as they are', () => {
    expect(request(`curl https://x -H 'Content-Type: application/json' -d '{a:1}'`).body).toEqual({
      type: 'raw',
      content_type: 'application/json',
      text: '{a:1}',
    });
  });

  it('of another type are raw, and say their type themselves', () => {
    const found = request("curl https://x -H 'Content-Type: text/xml; charset=utf-8' --data-binary '<a>\n</a>'");
    expect(found.body).toEqual({ type: 'raw', content_type: 'text/xml; charset=utf-8', text: '<a>\n</a>' });
    expect(found.headers).toEqual([]);
  });

  it('a JSON type of another name stays a header', () => {
    const found = request(`curl https://x -H 'Content-Type: application/vnd.api+json' -d '{"data":{}}'`);
    expect(found.body).toEqual({ type: 'json', json: { data: {} } });
    expect(pairs(found.headers)).toEqual([['Content-Type', 'application/vnd.api+json']]);
  });

  it('braces in them mean themselves', () => {
    expect(pairs(request("curl https://x -d 'a={{b}}'").body.fields)).toEqual([['a', '\\{{b}}']]);
    expect(request(`curl https://x --json '{"a":["{{b}}"]}'`).body.json).toEqual({ a: ['\\{{b}}'] });
  });

  it('from files are told', () => {
    expect(codes('curl https://x -d @a.json -F "b=@c.png;type=image/png" -T d --data-urlencode e@f')).toEqual([
      'file a.json c.png d f',
    ]);
    expect(codes('curl https://x -F "a={};type=application/json"')).toEqual(['form_type a']);
    expect(codes('curl https://x -b cookies.txt')).toEqual(['file cookies.txt']);
  });
});

describe('the rest of the options', () => {
  it('become settings', () => {
    const found = request('curl -L -m 5 --compressed -s https://x');
    expect([found.follow_redirects, found.timeout_seconds]).toEqual([true, 5]);
    expect(parse('curl -m 90 https://x').request.timeout_seconds).toBe(60);
    expect(codes('curl -m 90 https://x')).toEqual(['timeout 90']);
  });

  it('or are told', () => {
    expect(codes('curl -k --proxy http://p --frobnicate https://x https://y | jq')).toEqual([
      'rest | jq',
      'insecure',
      'lost_option --proxy',
      'unknown_option --frobnicate',
      'more_urls',
    ]);
    expect(codes("curl 'https://x")).toEqual(['open_quote']);
    expect(codes('curl https://x --next https://y')).toEqual(['more_urls']);
  });
});

describe('secrets', () => {
  const names: Names = { inputs: ['account_id'], auth: ['api_key', 'token'] };

  it.each([
    ["curl -H 'X-Api-Key: k-123' https://x", 'header', 'X-Api-Key', 'k-123', 'api_key'],
    ["curl -H 'Authorization: Bearer eyJ.x' https://x", 'header', 'Authorization', 'eyJ.x', 'token'],
    ['curl -u ana:pw https://x', 'header', 'Authorization', 'YW5hOnB3', 'basic_auth'],
    ['curl https://ana:p%40w@x/', 'header', 'Authorization', 'YW5hOnBAdw==', 'basic_auth'],
    ['curl --oauth2-bearer t https://x', 'header', 'Authorization', 't', 'token'],
    ["curl -b 'sid=1' https://x", 'header', 'Cookie', 'sid=1', 'cookie'],
    ["curl 'https://x/?api_key=k&a=b'", 'query', 'api_key', 'k', 'api_key'],
    [
      'curl https://x -d client_secret=s -d grant_type=client_credentials',
      'body',
      'client_secret',
      's',
      'client_secret',
    ],
    [`curl https://x --json '{"a":{"password":"p","n":1}}'`, 'body', 'password', 'p', 'password'],
  ])('%s', (text, place, name, value, identifier) => {
    const found = parse(text);
    expect(found.secrets).toEqual([{ id: 0, place, name, value, identifier, isBasic: identifier === 'basic_auth' }]);
    expect(JSON.stringify(found.request)).not.toContain(
      value === 'k' || value === 's' || value === 'p' || value === 't' ? `"${value}"` : value,
    );
  });

  it.each(['Idempotency-Key', 'X-Api-Version', 'Accept', 'X-Author', 'Content-Type', 'Keyboard', 'X-Max-Tokens'])(
    '%s is none',
    (name) => {
      expect(looksSecret(name, 'header')).toBe(false);
    },
  );

  it.each(['token', 'X-Auth-Token', 'apikey', 'X-API-KEY', 'Ocp-Apim-Subscription-Key', 'X-Session', 'Truora-API-Key'])(
    '%s is one',
    (name) => {
      expect(looksSecret(name, 'header')).toBe(true);
    },
  );

  it.each([
    ['X-Api-Key', 'api_key'],
    ['Authorization', 'authorization'],
    ['clientSecret', 'client_secret'],
    ['2fa-token', 'fa_token'],
    ['___', 'secret'],
    ['a'.repeat(80), 'a'.repeat(64)],
  ])('%s may be called %s', (name, identifier) => {
    expect(identifierFor(name)).toBe(identifier);
  });

  it('are put where they were chosen to be', () => {
    const found = parse("curl -H 'Authorization: Bearer one' -H 'X-Api-Key: two' -H 'X-Token: th{{ree' https://x");
    const placed = placeSecrets(found.request, found.secrets, [
      { is: 'field', identifier: 'token' },
      { is: 'left_out' },
      { is: 'plain' },
    ]);
    expect(pairs(placed.headers)).toEqual([
      ['Authorization', 'Bearer {{auth.token}}'],
      ['X-Token', 'th\\{{ree'],
    ]);
  });

  it('in bodies too', () => {
    const found = parse(`curl https://x --json '{"a":{"password":"p","secret":"q"},"list":[{"token":"t"}]}'`);
    const placed = placeSecrets(found.request, found.secrets, [
      { is: 'field', identifier: 'pw' },
      { is: 'left_out' },
      { is: 'plain' },
    ]);
    expect(placed.body.json).toEqual({ a: { password: '{{auth.pw}}' }, list: [{ token: 't' }] });
  });

  it('in variables are references where one has that name', () => {
    const found = parse(
      'curl -H "X-Api-Key: $API_KEY" -H "Authorization: Bearer ${TOKEN}" "https://x/$ACCOUNT_ID" -d "id=$ACCOUNT_ID"',
      names,
    );
    expect(found.secrets).toEqual([]);
    expect(found.notes).toEqual([]);
    expect(found.request.endpoint).toBe('https://x/{{inputs.account_id}}');
    expect(pairs(found.request.headers)).toEqual([
      ['X-Api-Key', '{{auth.api_key}}'],
      ['Authorization', 'Bearer {{auth.token}}'],
    ]);
    expect(pairs(found.request.body.fields)).toEqual([['id', '{{inputs.account_id}}']]);
  });

  it('in variables nobody knows are asked for, without a value', () => {
    const found = parse('curl -H "Authorization: Bearer $SOME_TOKEN" "https://x/$ID"');
    expect(found.secrets).toEqual([
      {
        id: 0,
        place: 'header',
        name: 'Authorization',
        value: '',
        variable: 'SOME_TOKEN',
        identifier: 'token',
        isBasic: false,
      },
    ]);
    expect(found.notes).toEqual([{ code: 'variable', words: ['$ID'] }]);
    expect(parse('curl -u "$A:$B" https://x').secrets[0]).toMatchObject({
      value: '',
      identifier: 'basic_auth',
      isBasic: true,
    });
  });

  it('in assigned variables are found as well', () => {
    expect(parse('KEY=\'k-9\' curl -H "X-Api-Key: $KEY" https://x').secrets[0]).toMatchObject({
      value: 'k-9',
      identifier: 'api_key',
    });
    expect(request('HOST=a.example\ncurl "https://$HOST/b"').endpoint).toBe('https://a.example/b');
  });

  it('that are references already stay', () => {
    const found = parse(
      "curl -H 'X-Api-Key: {{auth.api_key}}' -d 'a={{inputs.account_id}}&b={{inputs.no}}' https://x",
      names,
    );
    expect(found.secrets).toEqual([]);
    expect(pairs(found.request.headers)).toEqual([['X-Api-Key', '{{auth.api_key}}']]);
    expect(pairs(found.request.body.fields)).toEqual([
      ['a', '{{inputs.account_id}}'],
      ['b', '\\{{inputs.no}}'],
    ]);
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
