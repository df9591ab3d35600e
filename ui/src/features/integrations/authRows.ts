// The authentication fields while they are edited: rows with a lasting key, made from and turned into what the API takes.
import type { Auth, AuthFieldIn, AuthIn } from '../../api/schema';
import { identifierOf, slipOf, type Slip } from '../../components/identifier';

export interface AuthRow {
  /** Stays the same while the row is edited and moved. */
  key: string;
  /** The saved field this row is, to which stored values are bound. */
  id: string | null;
  name: string;
  identifier: string;
  /** The identifier was typed, so it no longer follows the name. */
  isTouched: boolean;
  type: 'text' | 'password';
  required: boolean;
}

export interface AuthValue {
  name: string;
  key_in_url: boolean;
  rows: AuthRow[];
}

export function newRow(): AuthRow {
  return {
    key: crypto.randomUUID(),
    id: null,
    name: '',
    identifier: '',
    isTouched: false,
    type: 'password',
    required: true,
  };
}

/** `fresh` is shown where there are no fields yet. */
export function authValueOf(auth: Auth, fresh: AuthRow): AuthValue {
  const rows = (auth.fields ?? []).map(({ id, identifier, name, type, required }) => ({
    key: id,
    id,
    name: name ?? '',
    identifier,
    isTouched: true,
    type,
    required,
  }));
  return { name: auth.name ?? '', key_in_url: auth.key_in_url, rows: rows.length > 0 ? rows : [fresh] };
}

export function nameRow(row: AuthRow, name: string): AuthRow {
  return { ...row, name, identifier: row.isTouched ? row.identifier : identifierOf(name) };
}

/** An emptied identifier follows the name again. */
export function identifyRow(row: AuthRow, identifier: string): AuthRow {
  return { ...row, identifier, isTouched: identifier !== '' };
}

export function authOf({ name, key_in_url, rows }: AuthValue): AuthIn {
  const fields: AuthFieldIn[] = rows.map((row) => ({
    id: row.id,
    identifier: row.identifier,
    name: row.name.trim() || null,
    type: row.type,
    required: row.required,
  }));
  return { scheme: 'api_key', name: name.trim() || null, key_in_url, fields };
}

/** What is wrong with each identifier, by its path in the API. */
export function authSlips(rows: AuthRow[]): Record<string, Slip | 'twice'> {
  const slips: Record<string, Slip | 'twice'> = {};
  const seen = new Set<string>();
  rows.forEach(({ identifier }, index) => {
    const slip = slipOf(identifier) ?? (seen.has(identifier) ? 'twice' : null);
    if (slip) slips[`auth.fields[${index}].identifier`] = slip;
    seen.add(identifier);
  });
  return slips;
}

/** New identifiers by the old ones, of fields that keep their id. */
export function renamedFields(auth: Auth, rows: AuthRow[]): Record<string, string> {
  const now = new Map(rows.map((row) => [row.id, row.identifier]));
  const pairs = (auth.fields ?? []).map(({ id, identifier }) => [identifier, now.get(id)] as const);
  return Object.fromEntries(pairs.filter(([before, after]) => after !== undefined && after !== before)) as Record<
    string,
    string
  >;
}
