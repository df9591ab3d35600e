// What a conversation begins with, read from what was typed: each variable by its type; nothing typed is its default.
import type { Variable } from '../flows/definition';

export interface StartValues {
  values: Record<string, unknown>;
  /** The keys of what cannot be read. */
  wrong: string[];
}

export function valuesOf(variables: readonly Variable[], typed: Record<string, string>): StartValues {
  const values: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const { key, type } of variables) {
    const text = (typed[key] ?? '').trim();
    if (text === '') continue;
    const value = read(type, text);
    if (value === undefined) wrong.push(key);
    else values[key] = value;
  }
  return { values, wrong };
}

function read(type: Variable['type'], text: string): unknown {
  switch (type) {
    case 'integer':
      return /^[-+]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case 'number':
      return /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'json':
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return undefined;
      }
    default:
      return text;
  }
}
