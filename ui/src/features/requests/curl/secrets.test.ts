// Keys in a cURL command are found, and put where they were chosen to be.
import { describe, expect, it } from 'vitest';

import { pairs, parse, request } from './forTests';
import { type Names } from './parse';
import { identifierFor, looksSecret, placeSecrets } from './secrets';

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
