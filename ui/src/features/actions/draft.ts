// An action while it is edited: rows with a lasting id, what was changed since it was saved, and whom an error belongs to.
import type { Action, CreateAction, Input, OutputIn, Request } from '../../api/schema';
import type { ActionStep } from '../../routes/integrations';
import { identifierOf, slipOf, type Slip } from '../../components/identifier';
import { fullRequest, isUntouched } from '../requests/request';
import { suggestIdentifier } from '../responses/outputs';
import { placesOf } from './inputReferences';

export interface InputRow extends Input {
  /** Stays the same while the row is edited and moved. */
  id: string;
  /** The key was typed, so it no longer follows the name. */
  isTouched: boolean;
  /** What the request calls it, as far as it was told of new keys. */
  knownAs: string;
}

export interface OutputRow extends OutputIn {
  id: string;
  identifier: string;
  isTouched: boolean;
}

export interface ActionDraft {
  name: string;
  description: string;
  is_private: boolean;
  inputs: InputRow[];
  request: Request | null;
  outputs: OutputRow[];
}

export type Part = keyof ActionDraft;
export const PARTS = ['name', 'description', 'is_private', 'inputs', 'request', 'outputs'] as const satisfies Part[];
type Body = Required<Omit<CreateAction, 'request'>> & { request: Request | null };

export const STEP_OF: Record<Part, ActionStep> = {
  name: 'details',
  description: 'details',
  is_private: 'details',
  inputs: 'inputs',
  request: 'request',
  outputs: 'outputs',
};

export const EMPTY_DRAFT: ActionDraft = {
  name: '',
  description: '',
  is_private: false,
  inputs: [],
  request: null,
  outputs: [],
};

export function draftOf(action: Action): ActionDraft {
  return {
    name: action.name,
    description: action.description,
    is_private: action.is_private,
    inputs: action.inputs.map((input) => ({ ...input, id: crypto.randomUUID(), isTouched: true, knownAs: input.key })),
    request: action.request,
    outputs: action.outputs.map((output) => ({ ...output, id: crypto.randomUUID(), isTouched: true })),
  };
}

/** The draft as the API takes it; a request that nobody began is none. */
export function bodyOf(draft: ActionDraft): Body {
  const { name, description, is_private, request } = draft;
  return {
    name,
    description,
    is_private,
    inputs: draft.inputs.map(({ key, name: called, type, required }) => ({ key, name: called, type, required })),
    request: request && isUntouched(fullRequest(request)) ? null : request,
    outputs: draft.outputs.map(({ key, name: called, identifier, type, required }) => ({
      key,
      name: called,
      identifier: identifier || null,
      type,
      required,
    })),
  };
}

/** The parts that differ. A request is the same when it says the same, whatever it leaves unsaid. */
export function changedParts(one: ActionDraft, other: ActionDraft): Part[] {
  const [here, there] = [bodyOf(one), bodyOf(other)];
  return PARTS.filter((part) => canonical(part, here) !== canonical(part, there));
}

function canonical(part: Part, body: Body): string {
  const value = body[part];
  return JSON.stringify(part === 'request' && value ? plainRequest(value as Request) : value);
}

function plainRequest(request: Request): unknown {
  const { body, ...rest } = fullRequest(request);
  return [sorted(rest), sorted({ ...body, json: undefined }), body.json ?? null];
}

/** Without what is absent, null, false or an empty list, and with its names in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(([key, member]) => [key, sorted(member)] as const);
  const said = members.filter(
    ([, member]) => member !== undefined && member !== null && member !== false && !isNothing(member),
  );
  return Object.fromEntries(said.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isNothing(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** What becomes of an edit when the saved action turned out to be another one than it was made of. */
export interface Merged {
  draft: ActionDraft;
  /** Parts that were changed here and there. */
  conflicts: Part[];
}

/** Parts nobody touched here become those of `theirs`; parts that were edited here stay. */
export function merge(base: ActionDraft, draft: ActionDraft, theirs: ActionDraft): Merged {
  const mine = changedParts(base, draft);
  const conflicts = changedParts(base, theirs).filter(
    (part) => mine.includes(part) && changedParts(draft, theirs).includes(part),
  );
  return { draft: { ...theirs, ...pick(draft, mine) }, conflicts };
}

export function pick<P extends Part>(draft: ActionDraft, parts: readonly P[]): Pick<ActionDraft, P> {
  return Object.fromEntries(parts.map((part) => [part, draft[part]])) as Pick<ActionDraft, P>;
}

/** Saved rows keep the ids of the rows they were made of, so that nothing on the page jumps. */
export function withRowIds(saved: ActionDraft, draft: ActionDraft): ActionDraft {
  const inputs = saved.inputs.map((row, index) => {
    const before = draft.inputs[index];
    const isOldName = before && placesOf(draft.request, before.knownAs).length > 0;
    return { ...row, id: before?.id ?? row.id, knownAs: isOldName ? before.knownAs : row.key };
  });
  return {
    ...saved,
    inputs,
    outputs: saved.outputs.map((row, index) => ({ ...row, id: draft.outputs[index]?.id ?? row.id })),
  };
}

/** The part a path of the API speaks of: `inputs[0].key` of the inputs. Null for what is no part of an action. */
export function partOf(path: string): Part | null {
  const name = /^\w+/.exec(path)?.[0] ?? '';
  return PARTS.find((part) => part === name) ?? null;
}

export function stepOf(path: string): ActionStep | null {
  const part = partOf(path);
  return part && STEP_OF[part];
}

// ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export function newInput(): InputRow {
  return { id: crypto.randomUUID(), key: '', name: '', type: 'string', required: true, isTouched: false, knownAs: '' };
}

export function newOutput(): OutputRow {
  return {
    id: crypto.randomUUID(),
    key: '',
    name: '',
    identifier: '',
    type: 'string',
    required: true,
    isTouched: false,
  };
}

export function nameInput(row: InputRow, name: string): InputRow {
  return { ...row, name, key: row.isTouched ? row.key : identifierOf(name) };
}

/** A key that was emptied follows the name again. */
export function keyInput(row: InputRow, key: string): InputRow {
  return { ...row, key, isTouched: key !== '' };
}

export function keyOutput(row: OutputRow, key: string, others: OutputRow[]): OutputRow {
  if (row.isTouched || key === '') return { ...row, key };
  return { ...row, key, identifier: suggestIdentifier(key, identifiersOf(others)) };
}

export function identifyOutput(row: OutputRow, identifier: string): OutputRow {
  return { ...row, identifier, isTouched: identifier !== '' };
}

export function identifiersOf(rows: OutputRow[]): Set<string> {
  return new Set(rows.map(({ identifier }) => identifier));
}

/** `validation_id` and `data.userId` as people would write them: "Validation id", "User id". */
export function nameOfKey(key: string): string {
  const words = suggestIdentifier(key)
    .replace(/^value_(?=[0-9])/, '')
    .replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What is wrong with the identifier of a row while it is typed; an empty one is left to be typed yet. */
export function liveSlip(identifier: string, others: Iterable<string>): Slip | 'twice' | null {
  if (identifier === '') return null;
  const slip = slipOf(identifier);
  if (slip) return slip;
  return [...others].includes(identifier) ? 'twice' : null;
}

/** What the request calls an input, where it refers to it and no other row has that key; null where it does not. */
export function referredAs(row: InputRow, rows: InputRow[], request: Request | null): string | null {
  const others = new Set(rows.filter(({ id }) => id !== row.id).map(({ key }) => key));
  const names = [row.knownAs, row.key].filter((key) => key !== '' && !others.has(key));
  return names.find((key) => placesOf(request, key).length > 0) ?? null;
}
