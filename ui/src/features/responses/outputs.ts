// What an output would be in an answer: found, null, missing or of another type, as the server picks it.
// The cases in tests/outputs/conversions.json hold for both.
import type { Candidate, Execution } from '../../api/schema';
import { MOST_DIGITS, wholeOf, writeDecimal } from './decimal';
import { parseJson, type JsonNode } from './json';
import { isKeyProblem, lastName, readKey, walk, type KeyProblem, type OutputKey } from './keys';
import { readEpoch, readMoment } from './moments';
import { isShapeOnly } from './notes';

export type OutputType = Candidate['type'];

export type PickResult =
  | { result: 'found'; value: JsonNode }
  /** It is there, but what it holds is not kept. */
  | { result: 'hidden' }
  | { result: 'null' | 'missing' }
  | { result: 'wrong_type'; value: JsonNode }
  | { result: 'wrong_key'; problem: KeyProblem };

/** An answer as outputs see it. */
export interface Answer {
  status: number;
  headers: { key: string; value: string }[];
  /** The body as text; null where it is empty, binary or not kept. */
  text: string | null;
  /** The body as JSON; null where it is something else, or not whole. */
  root: JsonNode | null;
  /** The values are the names of their types, lists have their first item only. */
  isShape: boolean;
  /** What the server found in it, which is more than is shown where the body was cut. */
  candidates: Candidate[] | null;
}

/** The answer of an execution; null where none came. */
export function answerOf({ response, candidates }: Execution): Answer | null {
  if (!response) return null;
  const text = response.body && response.body_encoding === 'text' ? response.body : null;
  return {
    status: response.status,
    headers: response.headers,
    text,
    root: text === null || response.is_truncated ? null : parseJson(text),
    isShape: isShapeOnly(response.notes),
    candidates: candidates ?? null,
  };
}

export function pickOutput(key: string, type: OutputType, answer: Answer): PickResult {
  const read = readKey(key);
  if (isKeyProblem(read)) return { result: 'wrong_key', problem: read };
  if (read.source === 'json' || (read.source === 'body' && type === 'json')) {
    const segments = read.source === 'json' ? read.segments : [];
    if (answer.isShape) return pickShape(segments, answer.root);
    if (answer.root) return judge(walk(answer.root, segments), type);
    return pickCandidate(key, type, answer);
  }
  return judge(builtIn(read, answer), type);
}

function pickShape(segments: (string | number)[], root: JsonNode | null): PickResult {
  const first = segments.map((segment) => (typeof segment === 'number' ? 0 : segment));
  const node = root ? walk(root, first) : undefined;
  if (!node) return { result: 'missing' };
  return { result: node.kind === 'string' && node.value === 'null' ? 'null' : 'hidden' };
}

function pickCandidate(key: string, type: OutputType, { candidates, text }: Answer): PickResult {
  const found = candidates?.find((each) => each.key === key);
  if (!found) return { result: text === null || candidates ? 'missing' : 'hidden' };
  if (found.type === 'json') return type === 'json' ? { result: 'hidden' } : { result: 'wrong_type', value: WHOLE };
  return found.sample === undefined ? { result: 'hidden' } : judge(sampleNode(found), type);
}

const WHOLE: JsonNode = { kind: 'object', members: [] };

/** The sample of a candidate as JSON; numbers may come as the text of their digits. */
export function sampleNode({ sample, type }: Candidate): JsonNode {
  if (sample === null || sample === undefined) return { kind: 'null' };
  if (typeof sample === 'boolean') return { kind: 'boolean', value: sample };
  if (type === 'integer' || type === 'number') return { kind: 'number', text: String(sample) };
  return { kind: 'string', value: String(sample) };
}

function builtIn(key: OutputKey, answer: Answer): JsonNode | undefined {
  if (key.source === 'status') return { kind: 'number', text: String(answer.status) };
  const text =
    key.source === 'header'
      ? answer.headers.find((each) => each.key.toLowerCase() === key.header)?.value
      : (answer.text ?? undefined);
  return text === undefined ? undefined : { kind: 'string', value: text };
}

function judge(node: JsonNode | undefined, type: OutputType): PickResult {
  if (node === undefined) return { result: 'missing' };
  if (node.kind === 'null') return { result: 'null' };
  const value = convert(node, type);
  return value === null ? { result: 'wrong_type', value: node } : { result: 'found', value };
}

/** A value that is not null in another type; null where something would be lost. */
export function convert(node: JsonNode, type: OutputType): JsonNode | null {
  switch (type) {
    case 'json':
      return node;
    case 'string':
      return toText(node);
    case 'integer':
      return toInteger(node);
    case 'number':
      return toNumber(node);
    case 'boolean':
      return toBoolean(node);
    case 'datetime':
      return toDatetime(node);
  }
}

function toText(node: JsonNode): JsonNode | null {
  if (node.kind === 'string') return node;
  if (node.kind === 'boolean') return { kind: 'string', value: String(node.value) };
  return node.kind === 'number' ? { kind: 'string', value: writeDecimal(node.text) } : null;
}

function toInteger(node: JsonNode): JsonNode | null {
  if (node.kind === 'number') {
    const text = wholeOf(node.text);
    return text === null ? null : { kind: 'number', text };
  }
  const isWhole =
    node.kind === 'string' && node.value.length <= MOST_DIGITS && /^(?:0|-?[1-9][0-9]*)$/.test(node.value);
  return isWhole ? { kind: 'number', text: node.value } : null;
}

function toNumber(node: JsonNode): JsonNode | null {
  if (node.kind === 'number') return node;
  const isNumber =
    node.kind === 'string' &&
    node.value.length <= MOST_DIGITS &&
    /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,6})?$/.test(node.value);
  return isNumber ? { kind: 'number', text: node.value } : null;
}

function toBoolean(node: JsonNode): JsonNode | null {
  if (node.kind === 'boolean') return node;
  const word = node.kind === 'string' ? node.value.toLowerCase() : '';
  return word === 'true' || word === 'false' ? { kind: 'boolean', value: word === 'true' } : null;
}

function toDatetime(node: JsonNode): JsonNode | null {
  let moment: string | null = null;
  if (node.kind === 'number') moment = readEpoch(node.text);
  else if (node.kind === 'string' && /^-?[1-9][0-9]{8,18}$/.test(node.value)) moment = readEpoch(node.value);
  else if (node.kind === 'string' && node.value[4] === '-') moment = readMoment(node.value); // 02/03/2026 would be a guess
  return moment === null ? null : { kind: 'string', value: moment };
}

/** The identifier that suits a key: its last name made to fit the identifier rule. */
export function suggestIdentifier(key: string, taken: ReadonlySet<string> = new Set()): string {
  const read = readKey(key);
  const wanted = isKeyProblem(read) ? 'output' : slug(lastName(read)) || 'output';
  let identifier = wanted;
  for (let number = 2; taken.has(identifier); number += 1) {
    const suffix = `_${number}`;
    identifier = wanted.slice(0, 64 - suffix.length).replace(/_+$/, '') + suffix;
  }
  return identifier;
}

/** A name of the answer made to fit the identifier rule; may be empty. */
function slug(words: string): string {
  const plain = words
    .replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])/g, '_')
    .normalize('NFKD')
    // eslint-disable-next-line no-control-regex -- what is not ASCII goes
    .replace(/[^\u0000-\u007f]/g, '')
    .toLowerCase();
  let identifier = plain.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  if (/^[0-9]/.test(identifier)) identifier = `value_${identifier}`;
  return identifier.slice(0, 64).replace(/_+$/, '');
}
