// JSON with references is read to the letter and written back the same.
import { describe, expect, it } from 'vitest';

import { ExactNumber, exactNumber, isNumber, parseKeepingDigits } from '../../api/exactJson';
import { isSameJson, JsonSlip, parseJsonText, writeJsonText } from './jsonText';

describe('reading', () => {
  it.each([
    ['null', null],
    [' true ', true],
    ['-1.5', -1.5],
    ['"a"', 'a'],
    ['[]', []],
    ['{}', {}],
    ['{"a": [1, {"b": "c"}], "d": false}', { a: [1, { b: 'c' }], d: false }],
    ['"\\u00e9\\n\\"\\\\\\/"', 'é\n"\\/'],
    ['"{{inputs.a}}"', '{{inputs.a}}'],
    ['{{inputs.a}}', '{{inputs.a}}'],
    ['{"id":{{ inputs.order_id }}}', { id: '{{inputs.order_id}}' }],
    ['[{{inputs.a}},"x {{auth.b}}"]', ['{{inputs.a}}', 'x {{auth.b}}']],
    ['"\\{{a}}"', '\\{{a}}'],
    ['{{}', null],
  ])('%s', (text, expected) => {
    if (text === '{{}') expect(() => parseJsonText(text)).toThrow(JsonSlip);
    else expect(parseJsonText(text)).toEqual(expected);
  });

  it.each([
    ['', 'unfinished', 1],
    ['{', 'unfinished', 1],
    ['{"a"', 'unfinished', 1],
    ['{"a":1', 'unfinished', 1],
    ['{"a":1,}', 'key', 1],
    ['{a:1}', 'key', 1],
    ["{'a':1}", 'key', 1],
    ['{"a":1}\n}', 'trailing', 2],
    ['[1,\n2,\n]', 'unexpected', 3],
    ['{"a":1,\n"a":2}', 'duplicate', 2],
    ['"a', 'unfinished', 1],
    ['"a\nb"', 'string', 1],
    ['"\\x"', 'string', 1],
    ['01', 'trailing', 1],
    ['NaN', 'unexpected', 1],
    ['{{inputs.A}}', 'key', 1],
    ['['.repeat(70), 'deep', 1],
  ])('%j is refused: %s in line %i', (text, slip, line) => {
    let caught: unknown;
    try {
      parseJsonText(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(JsonSlip);
    expect([(caught as JsonSlip).slip, (caught as JsonSlip).line]).toEqual([slip, line]);
  });

  it('takes a member called __proto__ for what it is', () => {
    const tree = parseJsonText('{"__proto__": 1}');
    expect(Object.keys(tree as object)).toEqual(['__proto__']);
    expect(writeJsonText(tree)).toBe('{\n  "__proto__": 1\n}');
  });
});

describe('numbers', () => {
  it.each(['12345678901234567890', '12.10', '1.0', '1e5', '-0', '0.1', '9007199254740993'])(
    '%s keeps its digits',
    (digits) => {
      const tree = parseJsonText(`{"n": ${digits}}`);
      expect(writeJsonText(tree)).toBe(`{\n  "n": ${digits}\n}`);
      if (JSON.rawJSON) expect(JSON.stringify(tree)).toBe(`{"n":${digits}}`);
    },
  );

  it('are plain wherever that says the same', () => {
    expect(exactNumber('12.5')).toBe(12.5);
    expect(exactNumber('12.50')).toEqual(new ExactNumber('12.50'));
    expect(['1', '-0.5', '1e9', '1.', '.5', '01', '', '1 ', '0x1'].map(isNumber)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('keep their digits in an answer where they stand in a body, and nowhere else', () => {
    const text =
      '{"timing": {"total_ms": 5.0}, "request": {"body": {"type": "json", "json": {"a": [5.0]}}}, "json": 5.0}';
    const read = parseKeepingDigits(text) as {
      timing: { total_ms: number };
      json: number;
      request: { body: { json: { a: unknown[] } } };
    };
    expect(read.timing.total_ms).toBe(5);
    expect(read.json).toBe(5);
    const [kept] = read.request.body.json.a;
    expect(kept instanceof ExactNumber ? kept.source : kept).toBe(supportsSource ? '5.0' : 5);
  });
});

const supportsSource = (() => {
  let has = false;
  JSON.parse('1', ((_key: string, value: unknown, context?: { source?: string }) => {
    has = context?.source === '1';
    return value;
  }) as (key: string, value: unknown) => unknown);
  return has;
})();

describe('writing', () => {
  it('gives what reads back the same', () => {
    const tree = parseJsonText('{"a":[],"b":{},"c":["{{inputs.a}}",{"d":"\\u2028 \\"q\\""}],"e":null}');
    expect(isSameJson(parseJsonText(writeJsonText(tree)), tree)).toBe(true);
    expect(writeJsonText({ a: [], b: {}, c: ['x'] })).toBe('{\n  "a": [],\n  "b": {},\n  "c": [\n    "x"\n  ]\n}');
  });
});
