// Changes a body from one form to another without losing what was written.
import type { Body, Row } from '../../api/schema';
import { rowOf, type BodyType } from './request';
import { isObject, JsonSlip, parseJsonText, writeJsonText, type JsonValue } from './jsonText';

export type JsonView = 'rows' | 'tree' | 'text';
export type FullBody = Body & { type: BodyType };

/** What each form held when it was left. */
export type Kept = Partial<Record<BodyType, FullBody>>;

export const JSON_TYPE = 'application/json';

export function hasTree(body: Body): body is Body & { json: JsonValue } {
  return body.json !== undefined;
}

/** A JSON text that does not read as JSON yet; it travels as a raw body, so that it is kept and refused with its place. */
export function isUnfinishedJson(body: Body): boolean {
  return (
    body.type === 'raw' &&
    body.content_type === JSON_TYPE &&
    typeof body.text === 'string' &&
    body.text !== '' &&
    slipOf(body.text) !== null
  );
}

export function slipOf(text: string): JsonSlip | null {
  try {
    parseJsonText(text);
    return null;
  } catch (slip) {
    if (slip instanceof JsonSlip) return slip;
    throw slip;
  }
}

/** The body that a JSON text makes: a tree where it reads as one. */
export function bodyOfText(text: string): FullBody {
  if (text.trim() === '') return { type: 'json' };
  return slipOf(text) ? { type: 'raw', content_type: JSON_TYPE, text } : { type: 'json', json: parseJsonText(text) };
}

/** The text of a JSON body, to edit it as such. */
export function textOfBody(body: Body): string {
  if (body.type === 'raw') return body.text ?? '';
  if (hasTree(body)) return writeJsonText(body.json);
  return body.fields?.length ? writeJsonText(treeOfRows(body.fields)) : '';
}

/** The view that shows all of a JSON body. */
export function viewOf(body: Body): JsonView {
  if (body.type === 'raw') return 'text';
  return hasTree(body) ? 'tree' : 'rows';
}

/** One object of the rows; rows without a name are left out, and of several with one name the last one stays. */
export function treeOfRows(rows: Row[]): Record<string, JsonValue> {
  return Object.fromEntries(
    rows.filter((row) => row.key !== '' || row.value !== '').map((row) => [row.key, row.value]),
  );
}

/** The rows of an object whose values are all texts; null where a tree says more than rows can. */
export function rowsOfTree(tree: JsonValue): Row[] | null {
  if (!isObject(tree)) return null;
  const members = Object.entries(tree);
  if (!members.every((member): member is [string, string] => typeof member[1] === 'string')) return null;
  return members.map(([key, value]) => rowOf(key, value));
}

/** Whether a row says more than a tree can. */
export function hasOptions(row: Row): boolean {
  return Boolean(row.send_empty || row.datetime_format || row.kind);
}

const HOLDS_ROWS: ReadonlySet<BodyType> = new Set(['form', 'multipart', 'json']);

function asText(row: Row): Row {
  return row.kind ? { ...row, kind: null } : row;
}

/** The body in another form. Rows go along; else what that form held before comes back. */
export function switched(body: FullBody, to: BodyType, kept: Kept): FullBody {
  const before = kept[to];
  const rows = rowsOf(body);
  if (to === 'none') return { type: 'none' };
  if (to === 'raw') return before ?? rawOf(body);
  if (to === 'json' && before && (hasTree(before) || before.type === 'raw')) return before;
  if (to === 'json' && body.type === 'raw') return before ?? jsonOfRaw(body.text ?? '');
  if (rows) return { type: to, fields: to === 'multipart' ? rows : rows.map(asText) };
  return before && HOLDS_ROWS.has(to) ? before : { type: to, fields: [] };
}

function rowsOf(body: Body): Row[] | null {
  if (body.fields) return body.fields;
  return hasTree(body) ? rowsOfTree(body.json) : null;
}

function rawOf(body: FullBody): FullBody {
  if (body.type === 'raw') return body;
  if (body.type === 'json') return { type: 'raw', content_type: JSON_TYPE, text: textOfBody(body) };
  return { type: 'raw', content_type: 'text/plain', text: '' };
}

function jsonOfRaw(text: string): FullBody {
  if (text.trim() === '' || slipOf(text)) return { type: 'json', fields: [] };
  return { type: 'json', json: parseJsonText(text) };
}
