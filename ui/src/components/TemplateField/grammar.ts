// Reads `{{inputs.key}}`, `{{answers.key}}` and the like in a text, as the server does, and never gives up on the rest of it.
import type { ReferenceGroup, ReferenceOption } from './types';

export const MAX_REFERENCES = 64;

const BRACES = /\\\{\{|\{\{/g;
const KEY = '[a-z](?:[a-z0-9_]{0,62}[a-z0-9])?';
const NAMED = [
  `(?:inputs|auth|variables)\\.${KEY}`,
  `answers\\.${KEY}(?:\\.${KEY})?`,
  `outputs\\.${KEY}\\.${KEY}`,
  `calls\\.${KEY}\\.(?:status|outcome|error|body|headers\\.[a-z0-9-]{1,64})`,
  'contact\\.(?:name|phone)',
].join('|');
const REFERENCE = new RegExp(`\\{\\{[ \\t]*(${NAMED})[ \\t]*\\}\\}`, 'y');
const BRACED = /\{\{[ \t]*([^{}\n]{0,200})(?:\}\})?/y;

export interface Literal {
  kind: 'literal';
  from: number;
  to: number;
  /** The text itself, `\{{` read as `{{`. */
  text: string;
}

export interface Reference {
  kind: 'reference';
  from: number;
  to: number;
  group: ReferenceGroup;
  /** `account_id`, or `send.validation_id` for what belongs to something with a name of its own. */
  name: string;
}

/** Two braces that begin no reference; `written` is what stands in them. */
export interface Broken {
  kind: 'broken';
  from: number;
  to: number;
  written: string;
}

export type Part = Literal | Reference | Broken;

/** The parts of a template in order; each literal is one piece, its escapes at `escapesIn`. */
export function readTemplate(text: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  let start = 0;
  let at = 0;
  const endLiteral = (end: number) => {
    if (literal) parts.push({ kind: 'literal', from: start, to: end, text: literal });
    literal = '';
  };
  BRACES.lastIndex = 0;
  for (let braces = BRACES.exec(text); braces; braces = BRACES.exec(text)) {
    literal += text.slice(at, braces.index);
    at = braces.index + braces[0].length;
    if (braces[0] === '\\{{') {
      literal += '{{';
      continue;
    }
    endLiteral(braces.index);
    const part = readBraces(text, braces.index);
    parts.push(part);
    at = part.to;
    start = at;
    BRACES.lastIndex = at;
  }
  literal += text.slice(at);
  endLiteral(text.length);
  return parts;
}

function readBraces(text: string, from: number): Reference | Broken {
  REFERENCE.lastIndex = from;
  const found = REFERENCE.exec(text);
  if (found) {
    const [group, ...name] = found[1]!.split('.');
    return {
      kind: 'reference',
      from,
      to: REFERENCE.lastIndex,
      group: group as ReferenceGroup,
      name: name.join('.'),
    };
  }
  BRACED.lastIndex = from;
  const braced = BRACED.exec(text)!;
  const isClosed = braced[0].endsWith('}}');
  return { kind: 'broken', from, to: isClosed ? BRACED.lastIndex : from + 2, written: braced[1]!.trim() };
}

/** Where `\{{` stands for two braces. */
export function escapesIn(text: string): number[] {
  const found: number[] = [];
  BRACES.lastIndex = 0;
  for (let braces = BRACES.exec(text); braces; braces = BRACES.exec(text)) {
    if (braces[0] === '\\{{') {
      found.push(braces.index);
      continue;
    }
    BRACES.lastIndex = readBraces(text, braces.index).to;
  }
  return found;
}

export function referencesIn(text: string): Reference[] {
  if (!text.includes('{{')) return [];
  return readTemplate(text).filter((part): part is Reference => part.kind === 'reference');
}

/** The reference that is all of a text, so that its value keeps its type in JSON; null otherwise. */
export function loneReference(text: string): Reference | null {
  const parts = readTemplate(text);
  const [part] = parts;
  return parts.length === 1 && part?.kind === 'reference' ? part : null;
}

/** A text that means itself: its double braces escaped. */
export function escapeTemplate(text: string): string {
  return text.replaceAll('{{', '\\{{');
}

/** A template without references, as the text it stands for; null when it has any. */
export function literalOf(template: string): string | null {
  const parts = readTemplate(template);
  return parts.every((part): part is Literal => part.kind === 'literal')
    ? parts.map((part) => part.text).join('')
    : null;
}

export interface Finding {
  kind: 'unknown' | 'syntax' | 'too_many';
  from: number;
  to: number;
  written: string;
  /** The nearest reference that exists, as `inputs.account_id`. */
  nearest: string | null;
}

/** What is wrong with a text as far as it can be seen here; what is still being typed at `caret` is left alone. */
export function examine(text: string, options: ReferenceOption[], caret: number | null = null): Finding[] {
  if (!text.includes('{{')) return [];
  const known = options.map((option) => option.text);
  const findings: Finding[] = [];
  let count = 0;
  for (const part of readTemplate(text)) {
    if (part.kind === 'literal') continue;
    const written = part.kind === 'reference' ? `${part.group}.${part.name}` : part.written;
    if (part.kind === 'reference') {
      count += 1;
      if (count === MAX_REFERENCES + 1)
        findings.push({ kind: 'too_many', from: part.from, to: part.to, written, nearest: null });
      if (known.includes(written)) continue;
    } else if (caret !== null && isAtCaret(part, caret)) {
      continue;
    }
    const kind = part.kind === 'reference' ? 'unknown' : 'syntax';
    findings.push({ kind, from: part.from, to: part.to, written, nearest: nearest(written, known) });
  }
  return findings;
}

/** Whether braces that are no reference may still become one under the caret. */
export function isAtCaret(part: Broken, caret: number): boolean {
  return caret > part.from && caret <= part.from + part.written.length + 4;
}

/** The known name most like what was written, or null when none is: the same name elsewhere, else the fewest slips. */
export function nearest(written: string, known: string[]): string | null {
  const name = written.trim().toLowerCase();
  const bare = afterDot(name);
  if (!bare) return null;
  const same = known.find((full) => afterDot(full) === bare);
  if (same) return same;
  let best: string | null = null;
  let bestCost = Infinity;
  for (const full of known) {
    const cost = Math.min(
      slips(name, full) / Math.max(name.length, full.length),
      slips(bare, afterDot(full)) / Math.max(bare.length, afterDot(full).length),
    );
    if (cost < bestCost) [best, bestCost] = [full, cost];
  }
  return bestCost <= 0.4 ? best : null;
}

function afterDot(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** How many letters must be added, dropped, changed or swapped with their neighbour to get from one word to the other. */
function slips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
