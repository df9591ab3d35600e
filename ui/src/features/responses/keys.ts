// The keys of outputs, read and written as the server does: singular paths of RFC 9535 and `$status`, `$headers.…`, `$body`.
// The cases in tests/outputs/keys.json hold for both.
import type { JsonNode } from './json';

export type Segment = string | number;

export type OutputKey =
  | { source: 'json'; segments: Segment[] }
  | { source: 'status' }
  | { source: 'body' }
  | { source: 'header'; header: string };

/** Why a text is no key: where its first wrong character stands (from 1), or that it is too long. */
export interface KeyProblem {
  position: number;
  isTooLong: boolean;
}

export const MOST_KEY_CHARACTERS = 512;

const NAME_START = /[A-Za-z_\u0080-\ud7ff\ue000-\u{10ffff}]/u;
const NAME_NEXT = /[0-9A-Za-z_\u0080-\ud7ff\ue000-\u{10ffff}]/u;
const NAME = new RegExp(`^${NAME_START.source}${NAME_NEXT.source}*$`, 'u');
const INDEX = /^(?:0|-?[1-9][0-9]*)$/;
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/; // RFC 9110 section 5.6.2
const HEADERS = '$headers';
const ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '/': '/', '\\': '\\' };

class Refused extends Error {
  constructor(readonly at: number) {
    super();
  }
}

export function isKeyProblem(read: OutputKey | KeyProblem): read is KeyProblem {
  return 'position' in read;
}

/** Read a key, or say where it goes wrong. */
export function readKey(key: string): OutputKey | KeyProblem {
  const characters = Array.from(key);
  if (characters.length > MOST_KEY_CHARACTERS) return { position: MOST_KEY_CHARACTERS + 1, isTooLong: true };
  if (key === '$status') return { source: 'status' };
  if (key === '$body') return { source: 'body' };
  try {
    if (key.startsWith(HEADERS)) return { source: 'header', header: readHeader(characters) };
    return { source: 'json', segments: new Reader(characters).segments() };
  } catch (problem) {
    if (problem instanceof Refused) return { position: problem.at + 1, isTooLong: false };
    throw problem;
  }
}

function readHeader(characters: string[]): string {
  const begin = HEADERS.length;
  if (characters[begin] === '[') {
    const reader = new Reader(characters, begin);
    const name = reader.bracket();
    if (typeof name !== 'string' || reader.at !== characters.length || !HEADER.test(name)) throw new Refused(begin + 1);
    return name.toLowerCase();
  }
  if (characters[begin] !== '.') throw new Refused(begin);
  const wrong = characters.findIndex((character, at) => at > begin && !HEADER.test(character));
  if (wrong !== -1) throw new Refused(wrong);
  if (characters.length === begin + 1) throw new Refused(begin + 1);
  return characters
    .slice(begin + 1)
    .join('')
    .toLowerCase();
}

/** Reads a key from left to right; `at` is where it stands, in characters. */
class Reader {
  constructor(
    private readonly characters: string[],
    public at = 0,
  ) {}

  segments(): Segment[] {
    const found: Segment[] = [];
    if (this.peek() === '$') this.at = 1;
    else if (this.peek() !== '[') found.push(this.name());
    while (this.at < this.characters.length) {
      this.skipBlank();
      if (this.peek() === '.') {
        this.at += 1;
        found.push(this.name());
      } else if (this.peek() === '[') {
        found.push(this.bracket());
      } else {
        throw new Refused(this.at);
      }
    }
    return found;
  }

  /** `[0]`, `[-1]`, `['name']`, `["name"]`, blanks allowed inside (RFC 9535 section 2.5.1). */
  bracket(): Segment {
    this.at += 1;
    this.skipBlank();
    const segment = this.peek() === "'" || this.peek() === '"' ? this.quoted() : this.index();
    this.skipBlank();
    if (this.peek() !== ']') throw new Refused(this.at);
    this.at += 1;
    return segment;
  }

  private peek(): string {
    return this.characters[this.at] ?? '';
  }

  private skipBlank(): void {
    while (this.peek() !== '' && ' \t\n\r'.includes(this.peek())) this.at += 1;
  }

  private name(): string {
    const begin = this.at;
    if (!NAME_START.test(this.peek())) throw new Refused(begin);
    while (NAME_NEXT.test(this.peek())) this.at += 1;
    return this.characters.slice(begin, this.at).join('');
  }

  private index(): number {
    const begin = this.at;
    let digits = this.peek() === '-' ? '-' : '';
    while (/^[0-9]$/.test(this.characters[begin + digits.length] ?? ''))
      digits += this.characters[begin + digits.length];
    // "01" is read as far as it is a number: the bracket then does not close
    const text = digits.startsWith('0') ? '0' : digits;
    if (!INDEX.test(text) || text.length > 17 || !Number.isSafeInteger(Number(text))) throw new Refused(begin);
    this.at += text.length;
    return Number(text);
  }

  /** A string literal of RFC 9535 section 2.3.1.1; the other kind of quote stands in it bare. */
  private quoted(): string {
    const quote = this.peek();
    this.at += 1;
    let text = '';
    while (this.peek() !== quote) {
      const character = this.peek();
      if (character === '' || character < ' ' || /^[\ud800-\udfff]$/.test(character)) throw new Refused(this.at);
      this.at += 1;
      text += character === '\\' ? this.escaped(quote) : character;
    }
    this.at += 1;
    return text;
  }

  private escaped(quote: string): string {
    const character = this.peek();
    if (character === 'u') return this.unicode();
    if (character === '' || (character !== quote && !(character in ESCAPES))) throw new Refused(this.at);
    this.at += 1;
    return ESCAPES[character] ?? character;
  }

  /** After `\u`: four hexadecimal digits, and a second escape where they are half of a surrogate pair. */
  private unicode(): string {
    const start = this.at;
    const unit = this.unit();
    if (unit >= 0xd800 && unit <= 0xdbff && this.peek() === '\\' && this.characters[this.at + 1] === 'u') {
      this.at += 1;
      const low = this.unit();
      if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(unit, low);
    }
    if (unit >= 0xd800 && unit <= 0xdfff) throw new Refused(start);
    return String.fromCharCode(unit);
  }

  private unit(): number {
    const digits = this.characters.slice(this.at + 1, this.at + 5).join('');
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) throw new Refused(this.at);
    this.at += 5;
    return Number.parseInt(digits, 16);
  }
}

/** The shortest key that leads there. */
export function writeKey(segments: readonly Segment[]): string {
  if (segments.length === 0) return '$';
  let key = '';
  for (const segment of segments) {
    if (typeof segment === 'number') key += `[${segment}]`;
    else if (NAME.test(segment)) key += key ? `.${segment}` : segment;
    else key += `['${JSON.stringify(segment).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}']`;
  }
  return key;
}

/** The value at `segments` below `root`, undefined where there is none; a negative index counts from the end. */
export function walk(root: JsonNode, segments: readonly Segment[]): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const segment of segments) {
    if (typeof segment === 'number') node = node.kind === 'list' ? node.items.at(segment) : undefined;
    else node = node.kind === 'object' ? node.members.find(({ key }) => key === segment)?.node : undefined;
    if (node === undefined) return undefined;
  }
  return node;
}

/** The same key in its shortest form, so that two spellings of one place compare equal; as it is where it is no key. */
export function sameKey(key: string): string {
  const read = readKey(key);
  if (isKeyProblem(read)) return key;
  if (read.source === 'header') return `$headers.${read.header}`;
  return read.source === 'json' ? writeKey(read.segments) : `$${read.source}`;
}

/** The last name on the way (`items[0].id` gives `id`); empty where there is none. */
export function lastName(key: OutputKey): string {
  if (key.source === 'header') return key.header;
  if (key.source !== 'json') return key.source;
  return key.segments.findLast((segment) => typeof segment === 'string') ?? '';
}
