// What an answer offers as outputs: each value with its key, a sample and the type it seems to have.
import type { Candidate } from '../../api/schema';
import { countMembers, type JsonNode } from './json';
import { MOST_KEY_CHARACTERS, writeKey, type Segment } from './keys';
import { readMoment } from './moments';
import { sampleNode, type Answer, type OutputType } from './outputs';

const MOST = 500;
const MOST_LEAVES_OF_A_LIST = 100;
const MOST_SAMPLE_CHARACTERS = 200;
const SHAPE_TYPES: readonly string[] = ['string', 'integer', 'number', 'boolean'] satisfies OutputType[];

/** The type a JSON value seems to have; null could be anything, text is the safe guess. */
export function guessType(node: JsonNode): OutputType {
  if (node.kind === 'boolean') return 'boolean';
  if (node.kind === 'number') return /[.eE]/.test(node.text) ? 'number' : 'integer';
  if (node.kind === 'object' || node.kind === 'list') return 'json';
  if (node.kind !== 'string') return 'string';
  const { value } = node;
  const looksLikeMoment = value.length >= 20 && value.length <= 40 && 'Tt'.includes(value[10]!);
  return looksLikeMoment && readMoment(value) !== null ? 'datetime' : 'string';
}

/** The candidate at a place; in an answer of shapes the value is the name of its type. */
export function candidateAt(segments: readonly Segment[], node: JsonNode, isShape = false): Candidate {
  const key = writeKey(segments);
  const count = countMembers(node);
  if (count !== null) return { key, type: 'json', sample: null, member_count: count };
  if (isShape) {
    const type = node.kind === 'string' && SHAPE_TYPES.includes(node.value) ? (node.value as OutputType) : 'string';
    return { key, type, sample: null };
  }
  return { key, type: guessType(node), sample: sampleOf(node) };
}

function sampleOf(node: JsonNode): unknown {
  if (node.kind === 'string') {
    const { value } = node;
    return value.length > MOST_SAMPLE_CHARACTERS ? `${value.slice(0, MOST_SAMPLE_CHARACTERS)}…` : value;
  }
  if (node.kind === 'number') return node.text;
  return node.kind === 'boolean' ? node.value : null;
}

/** Every candidate of an answer, in its order: the server's list where there is one, else what is shown of the body. */
export function listCandidates(answer: Answer): Candidate[] {
  if (answer.candidates) return answer.candidates;
  if (!answer.root) return answer.text === null ? [] : [{ key: '$body', type: 'string', sample: null }];
  const found: Candidate[] = [];
  visit(found, answer.root, [], MOST, answer.isShape);
  return found;
}

/** Add a value and what is below it; gives how many of the allowed leaves it used. */
function visit(found: Candidate[], node: JsonNode, segments: Segment[], leaves: number, isShape: boolean): number {
  const candidate = candidateAt(segments, node, isShape);
  if (found.length >= MOST || candidate.key.length > MOST_KEY_CHARACTERS) return 0;
  found.push(candidate);
  if (node.kind !== 'object' && node.kind !== 'list') return 1;
  const allowed = node.kind === 'list' ? Math.min(leaves, MOST_LEAVES_OF_A_LIST) : leaves;
  let used = 0;
  for (const [segment, child] of childrenOf(node)) {
    if (used >= allowed || found.length >= MOST) break;
    used += visit(found, child, [...segments, segment], allowed - used, isShape);
  }
  return used;
}

/** What is directly inside, each with the segment that leads there. */
export function childrenOf(node: JsonNode): [Segment, JsonNode][] {
  if (node.kind === 'object') return node.members.map(({ key, node: child }) => [key, child]);
  return node.kind === 'list' ? node.items.map((item, index) => [index, item]) : [];
}

/** A sample in one short line. */
export function sampleText(candidate: Candidate): string {
  if (candidate.sample === null || candidate.sample === undefined) return '';
  const node = sampleNode(candidate);
  if (node.kind === 'string') return node.value;
  return node.kind === 'number' ? node.text : String(candidate.sample);
}
