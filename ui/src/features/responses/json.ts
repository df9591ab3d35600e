// Reads JSON to the letter: numbers keep their digits, members their order. The browser's own parser keeps neither.
import { isExact, NUMBER } from '../../api/exactJson';

export type JsonNode =
  | { kind: 'object'; members: JsonMember[] }
  | { kind: 'list'; items: JsonNode[] }
  | { kind: 'string'; value: string }
  | { kind: 'number'; text: string }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' };

export interface JsonMember {
  key: string;
  node: JsonNode;
}

/** As deep as the server reads an answer. */
const MOST_LEVELS = 64;

const BLANK = /[ \t\n\r]*/y;
// eslint-disable-next-line no-control-regex -- control characters may not stand in a JSON string
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\u0000-\u001f]*)*"/y;
const WORDS: Record<string, JsonNode> = {
  true: { kind: 'boolean', value: true },
  false: { kind: 'boolean', value: false },
  null: { kind: 'null' },
};

class NotJson extends Error {}

/** The value a text is; null where it is not JSON, or nested deeper than the server reads. */
export function parseJson(text: string): JsonNode | null {
  try {
    return new Reader(text.startsWith('\ufeff') ? text.slice(1) : text).document();
  } catch (problem) {
    if (problem instanceof NotJson) return null;
    throw problem;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): JsonNode {
    const node = this.value(1);
    this.match(BLANK);
    if (this.at !== this.text.length) throw new NotJson();
    return node;
  }

  private value(level: number): JsonNode {
    this.match(BLANK);
    const first = this.text[this.at];
    if (first === '{' || first === '[') {
      if (level > MOST_LEVELS) throw new NotJson();
      this.at += 1;
      return first === '{' ? this.object(level + 1) : this.list(level + 1);
    }
    if (first === '"') return { kind: 'string', value: this.string() };
    const number = this.match(NUMBER);
    if (number) return { kind: 'number', text: number };
    const word = Object.keys(WORDS).find((each) => this.text.startsWith(each, this.at));
    if (!word) throw new NotJson();
    this.at += word.length;
    return WORDS[word]!;
  }

  private object(level: number): JsonNode {
    const members = new Map<string, JsonNode>(); // a key that is there twice keeps its first place and its last value
    if (this.take('}')) return { kind: 'object', members: [] };
    do {
      this.match(BLANK);
      const key = this.string();
      this.expect(':');
      members.set(key, this.value(level));
    } while (this.take(','));
    this.expect('}');
    return { kind: 'object', members: Array.from(members, ([key, node]) => ({ key, node })) };
  }

  private list(level: number): JsonNode {
    const items: JsonNode[] = [];
    if (this.take(']')) return { kind: 'list', items };
    do items.push(this.value(level));
    while (this.take(','));
    this.expect(']');
    return { kind: 'list', items };
  }

  private string(): string {
    const quoted = this.match(STRING);
    if (!quoted) throw new NotJson();
    return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private take(character: string): boolean {
    this.match(BLANK);
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string): void {
    if (!this.take(character)) throw new NotJson();
  }
}

/** The value as JSON, in one line or indented by two blanks. */
export function writeJson(node: JsonNode, indent: '' | '  ' = '', margin = ''): string {
  const inner = margin + indent;
  const end = indent ? `\n${margin}` : '';
  const begin = indent ? `\n${inner}` : '';
  switch (node.kind) {
    case 'object': {
      const colon = indent ? ': ' : ':';
      const parts = node.members.map(
        ({ key, node: child }) => JSON.stringify(key) + colon + writeJson(child, indent, inner),
      );
      return parts.length === 0 ? '{}' : `{${begin}${parts.join(`,${begin}`)}${end}}`;
    }
    case 'list': {
      const parts = node.items.map((item) => writeJson(item, indent, inner));
      return parts.length === 0 ? '[]' : `[${begin}${parts.join(`,${begin}`)}${end}]`;
    }
    case 'string':
      return JSON.stringify(node.value);
    case 'number':
      return node.text;
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
  }
}

/** How many members an object or list has; null for a single value. */
export function countMembers(node: JsonNode): number | null {
  if (node.kind === 'object') return node.members.length;
  return node.kind === 'list' ? node.items.length : null;
}

/** The value for plain code; a number that JavaScript would round is left as the text of its digits. */
export function toPlain(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, node: child }) => [key, toPlain(child)]));
    case 'list':
      return node.items.map(toPlain);
    case 'number':
      return isExact(node.text) ? Number(node.text) : node.text;
    case 'null':
      return null;
    default:
      return node.value;
  }
}
