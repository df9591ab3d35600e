// Rows of keys and values: their identity while they are moved about, and their other form as plain text.
import type { Row } from '../../api/schema';
import { emptyRow, isBlank } from './request';

export type RowKind = 'query' | 'headers' | 'fields';

let count = 0;

/** A name for a row that stays with it, whatever place it has. */
export function newRowId(): string {
  count += 1;
  return `row-${count}`;
}

/** One id for each row and one for the empty row below them; ids that are there already stay. */
export function idsFor(ids: string[], length: number): string[] {
  if (ids.length === length + 1) return ids;
  if (ids.length > length) return [...ids.slice(0, length), ids.at(-1)!];
  return [...ids, ...Array.from({ length: length + 1 - ids.length }, newRowId)];
}

export function moved<T>(list: T[], from: number, to: number): T[] {
  const next = [...list];
  const [taken] = next.splice(from, 1);
  next.splice(to, 0, taken as T);
  return next;
}

/** The places of keys that are listed before, as the server compares them: header names in any case. */
export function duplicateKeys(rows: Row[], kind: RowKind): Set<number> {
  const seen = new Set<string>();
  const found = new Set<number>();
  rows.forEach((row, index) => {
    const key = kind === 'headers' ? row.key.trim().toLowerCase() : row.key;
    if (!key) return;
    if (seen.has(key)) found.add(index);
    seen.add(key);
  });
  return found;
}

const SEPARATOR: Record<RowKind, string> = { query: '=', headers: ': ', fields: '=' };

/** Whether the rows can be written as lines at all: a value with a line break cannot. */
export function canBeText(rows: Row[]): boolean {
  return rows.every((row) => !/[\r\n]/.test(row.key + row.value));
}

export function rowsToText(rows: Row[], kind: RowKind): string {
  return rows
    .map((row) => (row.value === '' && row.key === '' ? '' : `${row.key}${SEPARATOR[kind]}${row.value}`))
    .join('\n');
}

/** Rows from lines; options of rows that were there before stay with their keys. */
export function rowsFromText(text: string, kind: RowKind, before: Row[] = []): Row[] {
  const left = [...before];
  return linesOf(text, kind)
    .map((line) => {
      const [key, value] = splitLine(line, kind);
      const known = left.findIndex((row) => row.key === key);
      const old = known < 0 ? emptyRow() : left.splice(known, 1)[0]!;
      return Object.assign({}, old, { key, value });
    })
    .filter((row) => !isBlank(row));
}

function linesOf(text: string, kind: RowKind): string[] {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const [only] = lines;
  if (
    kind === 'headers' ||
    lines.length !== 1 ||
    !only ||
    !/^\??[^=&\s]+=[^&\s]*(?:&[^=&\s]+=[^&\s]*)+$/.test(only.trim())
  )
    return lines;
  return pairsOf(only.trim().replace(/^\?/, '')).map(([key, value]) => `${key}=${value}`);
}

function splitLine(line: string, kind: RowKind): [string, string] {
  const found = kind === 'headers' ? /^\s*([^:]*?)\s*:\s*(.*?)\s*$/.exec(line) : /^([^=]*)=(.*)$/.exec(line);
  return found ? [found[1]!, found[2]!] : [line.trim(), ''];
}

/** The pairs of a query as they read: `+` is a blank, and what cannot be decoded stays as it is. */
export function pairsOf(query: string): [string, string][] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
    });
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
