// The body of a cURL command keeps its shape and its digits.
import { describe, expect, it } from 'vitest';

import { codes, pairs, parse, request } from './forTests';

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
