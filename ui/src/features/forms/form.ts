// A form while it is edited: all its parts there, with ids for its rows, and back to what the API takes.
import type { components } from '../../api/schema';
import type { Form } from './queries';

type Schemas = components['schemas'];
export type Ask = Schemas['Handler']['ask'];
export type Fill = Required<Schemas['Fill']>;
export interface Step {
  screen: string;
  data: Record<string, Fill>;
  message: string;
}
export interface Branch {
  value: string;
  equals: string;
  step: Step;
}
export interface HandlerRow {
  rowId: string;
  ask: Ask;
  screen: string;
  action_id: string;
  credential_id: string;
  inputs: Record<string, string>;
  next: Step;
  branches: Branch[];
  failures: Record<string, Step>;
}
export interface Edited {
  name: string;
  flow_id: string;
  json: string;
  language: Schemas['FormDefinition']['language'];
  error_message: string;
  handlers: HandlerRow[];
}

export const ASKS = ['data_exchange', 'INIT', 'BACK'] as const satisfies readonly Ask[];
/** The screen behind the last one. */
export const END = 'SUCCESS';
export const NO_STEP: Step = { screen: '', data: {}, message: '' };
export const NO_FILL: Fill = { value: '', each: '', item: {} };

let made = 0;

export function handlerRow(handler: Partial<Schemas['Handler']> = {}): HandlerRow {
  made += 1;
  return {
    rowId: `handler-${made}`,
    ask: handler.ask ?? 'data_exchange',
    screen: handler.screen ?? '',
    action_id: handler.action_id ?? '',
    credential_id: handler.credential_id ?? '',
    inputs: handler.inputs ?? {},
    next: stepOf(handler.next),
    branches: (handler.branches ?? []).map(({ value, equals, step }) => ({ value, equals, step: stepOf(step) })),
    failures: Object.fromEntries(Object.entries(handler.failures ?? {}).map(([way, step]) => [way, stepOf(step)])),
  };
}

function stepOf(step: Partial<Schemas['Step']> = {}): Step {
  const fills = Object.entries(step.data ?? {}).map(([key, fill]) => [key, { ...NO_FILL, ...fill }] as const);
  return { screen: step.screen ?? '', data: Object.fromEntries(fills), message: step.message ?? '' };
}

export function editedOf({ name, flow_id, definition }: Form): Edited {
  const json = definition.flow_json ?? {};
  return {
    name,
    flow_id,
    json: Object.keys(json).length === 0 ? '' : JSON.stringify(json, null, 2),
    language: definition.language ?? 'es',
    error_message: definition.error_message ?? '',
    handlers: (definition.handlers ?? []).map(handlerRow),
  };
}

/** The JSON that was pasted; null where it is none, or no object. */
export function readJson(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return {};
  try {
    const read: unknown = JSON.parse(text);
    return read !== null && typeof read === 'object' && !Array.isArray(read) ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export function bodyOf(edited: Edited, flowJson: Record<string, unknown>): Schemas['UpdateForm'] {
  return {
    name: edited.name.trim(),
    flow_id: edited.flow_id.trim(),
    definition: {
      flow_json: flowJson,
      language: edited.language,
      error_message: edited.error_message,
      handlers: edited.handlers.map(({ rowId: _rowId, ...handler }) => handler),
    },
  };
}

// ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A constant as it is typed: a text as it is, anything else as JSON. */
export function textOfValue(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
}

/** The other way: a list or an object where it reads as one; all else stays a text, which is brought into its type. */
export function valueOfText(text: string): unknown {
  if (!/^\s*(\[|\{(?!\{))/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The name that is given to one more entry. */
export function freeName(names: string[], like: string): string {
  let name = like;
  for (let at = 2; names.includes(name); at += 1) name = `${like}_${at}`;
  return name;
}

export function renamed<T>(entries: Record<string, T>, from: string, to: string): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key === from ? to : key, value]));
}

export function without<T>(entries: Record<string, T>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name));
}
