// The rules for a value as it is typed, the same as the server's; what is kept of a value here is only what is wrong with it.
import type { AuthField } from '../../api/schema';

export type Trouble = 'empty' | 'blank' | 'control' | 'long';

const MAX_VALUE = 8192;
/** Below this, a secret cannot be hidden inside a text. */
export const MASKABLE = 8;
const BLANK_AT_AN_END = /^[\s\u200b\u2060\ufeff]|[\s\u200b\u2060\ufeff]$/;
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/u;

/** What is wrong with a value; null for nothing, and for an empty one that may be left out. */
export function troubleOf(field: Pick<AuthField, 'type' | 'required'>, value: string): Trouble | null {
  if (value === '') return field.required ? 'empty' : null;
  if (Array.from(value).length > MAX_VALUE) return 'long';
  if (field.type === 'password' && BLANK_AT_AN_END.test(value)) return 'blank';
  return CONTROL.test(value) ? 'control' : null;
}

/** Host entries as they are sent: trimmed, without empty ones, each once. */
export function cleanHosts(hosts: string[]): string[] {
  return [...new Set(hosts.map((host) => host.trim()).filter((host) => host !== ''))];
}

export function isSameHosts(one: string[], other: string[]): boolean {
  const [first, second] = [new Set(cleanHosts(one)), new Set(cleanHosts(other))];
  return first.size === second.size && [...first].every((host) => second.has(host));
}
