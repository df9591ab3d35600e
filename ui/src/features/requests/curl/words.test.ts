// The words of a command line, as a shell and as the command prompt read them.
import { describe, expect, it } from 'vitest';

import { splitCommand } from './words';

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
