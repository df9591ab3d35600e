// People to write to, read from pasted lines or a table with commas: whom each line names, and what is wrong with it.
import type { components } from '../../api/schema';

export type BatchContact = components['schemas']['BatchContact'];

export const MOST_PEOPLE = 10_000;
const DIGITS = /^[1-9]\d{6,14}$/;
const BLANKS = /[\s\-().\u00a0\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g;
const NAMES = new Set(['name', 'nombre', 'nome', 'first name', 'full name', 'contact', 'contacto', 'contato']);

export interface Table {
  /** What the columns are called: by the first line, or A, B, C. */
  columns: string[];
  rows: { line: number; cells: string[] }[];
}

export type Slip = 'none' | 'wrong' | 'shortened' | 'country' | 'twice' | 'empty' | 'unfit';

/** Where a value comes from: a column of the table, or the same text for all. */
export interface Source {
  column: number | null;
  text: string;
}

export interface Person {
  line: number;
  phone: string;
  name: string;
  cells: string[];
  slip: Slip | null;
}

// ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────

export function readTable(text: string): Table {
  const delimiter = delimiterOf(text);
  const rows = linesOf(text, delimiter).filter(({ cells }) => cells.some((cell) => cell !== ''));
  const first = rows[0];
  const hasHead = first !== undefined && first.cells.length > 0 && first.cells.every(isWords);
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const heads = hasHead ? first.cells : [];
  return {
    columns: Array.from({ length: width }, (_, at) => heads[at] || letterOf(at)),
    rows: hasHead ? rows.slice(1) : rows,
  };
}

/** The column that holds the most phone numbers. */
export function numberColumn({ columns, rows }: Table): number {
  const counts = columns.map((_, at) => rows.filter(({ cells }) => slipOf(cells[at] ?? '') === null).length);
  return Math.max(0, counts.indexOf(Math.max(...counts)));
}

/** The column that is called a name; of two columns without heads the other one. */
export function nameColumn({ columns }: Table, number: number): number | null {
  const named = columns.findIndex((column, at) => at !== number && NAMES.has(column.trim().toLowerCase()));
  if (named !== -1) return named;
  return columns.length === 2 && columns.every((column, at) => column === letterOf(at)) ? 1 - number : null;
}

function letterOf(at: number): string {
  return at < 26 ? String.fromCodePoint(65 + at) : `${letterOf(Math.floor(at / 26) - 1)}${letterOf(at % 26)}`;
}

/** A cell that could head a column: some letters, and no number to call. */
function isWords(cell: string): boolean {
  return cell === '' || (/\p{L}/u.test(cell) && slipOf(cell) !== null && !/\d{5}/.test(cell));
}

function delimiterOf(text: string): string {
  const head = text.split('\n', 1)[0] ?? '';
  const found = ['\t', ';', ','].map((each) => ({ each, count: head.split(each).length }));
  return found.reduce((best, one) => (one.count > best.count ? one : best)).each;
}

/** As RFC 4180 has it: quotes around what holds delimiters or line breaks, doubled within. */
function linesOf(text: string, delimiter: string): Table['rows'] {
  const rows: Table['rows'] = [];
  let [cells, cell, line, began, isQuoted]: [string[], string, number, number, boolean] = [[], '', 1, 1, false];
  const endCell = () => {
    cells.push(cell.trim());
    cell = '';
  };
  for (let at = 0; at <= text.length; at += 1) {
    const sign = text[at];
    if (sign === '\n') line += 1;
    if (isQuoted && sign !== undefined) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (sign === '"' && cell.trim() === '') [isQuoted, cell] = [true, ''];
    else if (sign === delimiter) endCell();
    else if (sign === '\n' || sign === undefined) {
      endCell();
      rows.push({ line: began, cells });
      [cells, began] = [[], line];
    } else if (sign !== '\r') cell += sign;
  }
  return rows;
}

// ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Reading {
  number: number;
  name: number | null;
  /** Columns that may not be empty, since a template says them. */
  needed: number[];
  /** What else is wrong with a line. */
  isUnfit?: (cells: string[]) => boolean;
}

/** Everybody in the table; of a number that stands there twice the first counts. */
export function readPeople(table: Table, { number, name, needed, isUnfit }: Reading): Person[] {
  const seen = new Set<string>();
  return table.rows.map(({ line, cells }) => {
    const written = cells[number] ?? '';
    const phone = digitsOf(written);
    let slip = slipOf(written);
    if (slip === null && seen.has(phone)) slip = 'twice';
    if (slip === null && needed.some((at) => !cells[at])) slip = 'empty';
    if (slip === null && isUnfit?.(cells)) slip = 'unfit';
    if (slip === null) seen.add(phone);
    return {
      line,
      phone: slip === null || slip === 'twice' ? `+${phone}` : written,
      name: name === null ? '' : (cells[name] ?? ''),
      cells,
      slip,
    };
  });
}

/** What is wrong with a phone number; null where it could be called. */
export function slipOf(written: string): Slip | null {
  const digits = digitsOf(written);
  if (written.trim() === '') return 'none';
  if (/^\d+([.,]\d+)?e\+?\d+$/i.test(written.trim())) return 'shortened';
  if (/^0\d+$/.test(digits)) return 'country';
  return DIGITS.test(digits) ? null : 'wrong';
}

function digitsOf(written: string): string {
  return written.replaceAll(BLANKS, '').replace(/^\+/, '');
}

// ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** What stands there for somebody. */
export function valueFor(source: Source | undefined, cells: string[]): string {
  if (!source) return '';
  return source.column === null ? source.text : (cells[source.column] ?? '');
}

export function isOfColumn(source: Source | undefined): boolean {
  return source !== undefined && source.column !== null;
}
