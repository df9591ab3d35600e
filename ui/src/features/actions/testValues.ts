// The values an action is tested with: kept as the text that was typed, sent as JSON with every digit.
import type { Input } from '../../api/schema';
import { exactNumber, isNumber } from '../../api/exactJson';
import { readMoment } from '../responses/moments';

/** By input key; an absent or empty text is no value. */
export type TestValues = Record<string, string>;
export type ValueSlip = 'required' | 'integer' | 'number' | 'datetime';

/** What is wrong with a value as it stands; the server has the last word. */
export function valueSlip({ type, required }: Pick<Input, 'type' | 'required'>, text: string): ValueSlip | null {
  if (text === '') return required ? 'required' : null;
  const trimmed = text.trim();
  if (type === 'integer' && !/^-?[0-9]+$/.test(trimmed)) return 'integer';
  if (type === 'number' && !/^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,6})?$/.test(trimmed)) return 'number';
  if (type === 'datetime' && readMoment(trimmed) === null) return 'datetime';
  return null;
}

/** The slips of all inputs by key. */
export function slipsOf(inputs: Input[], values: TestValues): Record<string, ValueSlip> {
  const found = inputs.map((input) => [input.key, valueSlip(input, values[input.key] ?? '')] as const);
  return Object.fromEntries(found.filter((each): each is [string, ValueSlip] => each[1] !== null));
}

/** The values in their types: numbers keep their digits, what is empty is left out. */
export function typedValues(inputs: Input[], values: TestValues): Record<string, unknown> {
  const given = inputs.filter(({ key }) => key !== '' && (values[key] ?? '') !== '');
  return Object.fromEntries(given.map(({ key, type }) => [key, typed(type, values[key]!)]));
}

function typed(type: Input['type'], text: string): unknown {
  if (type === 'string') return text;
  const trimmed = text.trim();
  if (type === 'boolean') return trimmed === 'true';
  const isDigits = (type === 'integer' || type === 'number') && isNumber(trimmed);
  return isDigits ? exactNumber(trimmed) : trimmed;
}

/** The body of a test call. Numbers are written as they were typed, which JSON.stringify does not do in every browser. */
export function testBody(inputs: Input[], values: TestValues, credentialId: string | null): string {
  const members = inputs
    .filter(({ key }) => key !== '' && (values[key] ?? '') !== '')
    .map(({ key, type }) => `${JSON.stringify(key)}:${written(type, values[key]!)}`);
  return `{"credential_id":${JSON.stringify(credentialId)},"inputs":{${members.join(',')}}}`;
}

function written(type: Input['type'], text: string): string {
  const trimmed = text.trim();
  const isNumeric = type === 'integer' || type === 'number';
  if (isNumeric && isNumber(trimmed)) return trimmed;
  if (type === 'boolean') return trimmed === 'true' ? 'true' : 'false';
  return JSON.stringify(type === 'string' ? text : trimmed);
}

/** What a date picker gives, with this browser's offset: `2026-11-22T14:30` in Bogotá is `2026-11-22T14:30:00-05:00`. */
export function withOffset(picked: string, offsetMinutes = -new Date(picked).getTimezoneOffset()): string {
  const seconds = /T[0-9]{2}:[0-9]{2}$/.test(picked) ? `${picked}:00` : picked;
  if (offsetMinutes === 0) return `${seconds}Z`;
  const size = Math.abs(offsetMinutes);
  return `${seconds}${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function pad(part: number): string {
  return String(part).padStart(2, '0');
}
