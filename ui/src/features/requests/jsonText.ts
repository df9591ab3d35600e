// JSON with references in it, as text and as a tree: read with the place of what is wrong, written in one fixed form.
import { readTemplate } from '../../components/TemplateField/grammar';
import { ExactNumber, exactNumber, NUMBER } from '../../api/exactJson';

export type JsonValue = null | boolean | number | string | ExactNumber | JsonValue[] | { [key: string]: JsonValue };

export type Slip = 'unexpected' | 'unfinished' | 'string' | 'duplicate' | 'key' | 'deep' | 'trailing';

/** Why a text is not JSON, and where: `offset` counts from 0, `line` from 1. */
export class JsonSlip extends Error {
  constructor(
    readonly slip: Slip,
    readonly offset: number,
    readonly line: number,
    readonly found: string,
  ) {
    super(slip);
  }
}

const MAX_DEPTH = 64;
const BLANK = /[ \t\r\n]*/y;
// oxlint-disable-next-line no-control-regex -- JSON forbids them in strings (RFC 8259 section 7)
const PLAIN = /[^"\\\u0000-\u001f]+/y;
const WORD = /true|false|null/y;
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const WORDS: Record<string, null | boolean> = { true: true, false: false, null: null };

/** The tree of a text. A reference that stands where a value may, outside quotes, is read as if it were in them. */
export function parseJsonText(text: string): JsonValue {
  return new Reader(text).read();
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  read(): JsonValue {
    const value = this.value(0);
    this.skip();
    if (this.at < this.text.length) this.fail('trailing');
    return value;
  }

  private fail(slip: Slip, at = this.at): never {
    const line = this.text.slice(0, at).split('\n').length;
    throw new JsonSlip(
      at >= this.text.length && slip === 'unexpected' ? 'unfinished' : slip,
      at,
      line,
      this.text.slice(at, at + 12).split('\n')[0]!,
    );
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private skip(): string | undefined {
    this.take(BLANK);
    return this.text[this.at];
  }

  private value(depth: number): JsonValue {
    const next = this.skip();
    if (depth > MAX_DEPTH) this.fail('deep');
    if (this.text.startsWith('{{', this.at)) {
      const reference = this.reference();
      if (reference !== null) return reference;
    }
    if (next === '{') return this.object(depth);
    if (next === '[') return this.list(depth);
    if (next === '"') return this.string();
    const number = this.take(NUMBER);
    if (number) return exactNumber(number);
    const word = this.take(WORD);
    if (word) return WORDS[word]!;
    return this.fail('unexpected');
  }

  private reference(): string | null {
    const [first] = readTemplate(this.text.slice(this.at, this.at + 200));
    if (first?.kind !== 'reference') return null;
    this.at += first.to;
    return `{{${first.group}.${first.name}}}`;
  }

  private object(depth: number): JsonValue {
    const members: Record<string, JsonValue> = {};
    this.at += 1;
    if (this.skip() === '}') {
      this.at += 1;
      return members;
    }
    for (;;) {
      if (this.skip() !== '"') this.fail(this.at < this.text.length ? 'key' : 'unfinished');
      const from = this.at;
      const key = this.string();
      if (Object.hasOwn(members, key)) this.fail('duplicate', from);
      if (this.skip() !== ':') this.fail('unexpected');
      this.at += 1;
      const value = this.value(depth + 1);
      Object.defineProperty(members, key, { value, enumerable: true, writable: true, configurable: true }); // "__proto__" too
      const next = this.skip();
      if (next !== ',' && next !== '}') this.fail('unexpected');
      this.at += 1;
      if (next === '}') return members;
    }
  }

  private list(depth: number): JsonValue {
    const items: JsonValue[] = [];
    this.at += 1;
    if (this.skip() === ']') {
      this.at += 1;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      const next = this.skip();
      if (next !== ',' && next !== ']') this.fail('unexpected');
      this.at += 1;
      if (next === ']') return items;
    }
  }

  private string(): string {
    const from = this.at;
    this.at += 1;
    let read = '';
    for (;;) {
      read += this.take(PLAIN);
      const next = this.text[this.at];
      if (next === '"') {
        this.at += 1;
        return read;
      }
      if (next !== '\\') this.fail(next === undefined ? 'unfinished' : 'string', next === undefined ? from : this.at);
      read += this.escape();
    }
  }

  private escape(): string {
    const next = this.text[this.at + 1] ?? '';
    if (next in ESCAPES) {
      this.at += 2;
      return ESCAPES[next]!;
    }
    const code = /^[0-9a-fA-F]{4}$/.exec(this.text.slice(this.at + 2, this.at + 6))?.[0];
    if (next === '{' && this.text.startsWith('{{', this.at + 1)) {
      // `\{{`, two braces that begin no reference
      this.at += 3;
      return '\\{{';
    }
    if (next !== 'u' || !code) this.fail('string');
    this.at += 6;
    return String.fromCharCode(Number.parseInt(code, 16));
  }
}

/** The text of a tree: two blanks for each level, lists and objects without members in one piece. */
export function writeJsonText(value: JsonValue, indent = ''): string {
  if (value instanceof ExactNumber) return value.source;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const deeper = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => writeJsonText(item, deeper))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${writeJsonText(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return items.length === 0
    ? `${open}${close}`
    : `${open}\n${items.map((item) => deeper + item).join(',\n')}\n${indent}${close}`;
}

export function isObject(value: unknown): value is Record<string, JsonValue> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** Whether two trees are the same to the letter. */
export function isSameJson(a: JsonValue, b: JsonValue): boolean {
  return writeJsonText(a) === writeJsonText(b);
}
