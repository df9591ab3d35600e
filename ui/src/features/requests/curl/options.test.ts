// The options of cURL, and what becomes of those that a request has no place for.
import { describe, expect, it } from 'vitest';

import { codes, parse, request } from './forTests';
import { readOptions } from './options';

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
