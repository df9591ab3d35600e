// Numbers that keep their digits: 12345678901234567890 and 12.10 are sent as they are written.
declare global {
  interface JSON {
    /** Text that JSON.stringify writes as it is; not in browsers of before 2025. */
    rawJSON?: (text: string) => unknown;
  }
}

/** A number of JSON that JavaScript would write otherwise. */
export class ExactNumber {
  constructor(readonly source: string) {}

  toJSON(): unknown {
    return JSON.rawJSON ? JSON.rawJSON(this.source) : Number(this.source);
  }
}

/** Whether JavaScript's number is this number to the last digit. */
export function isExact(text: string): boolean {
  return String(Number(text)) === text;
}

/** The number of a JSON text: a plain one wherever that says the same. */
export function exactNumber(source: string): number | ExactNumber {
  return isExact(source) ? Number(source) : new ExactNumber(source);
}

export const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Whether a text is a number as JSON writes it. */
export function isNumber(text: string): boolean {
  NUMBER.lastIndex = 0;
  return NUMBER.test(text) && NUMBER.lastIndex === text.length;
}

function revive(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? exactNumber(context.source) : value;
}

/**
 * An answer of the API, or a draft of what it takes, whose JSON bodies (`"body": {"json": …}`) keep the digits of their numbers; all other numbers are
 * plain ones.
 */
export function parseKeepingDigits(text: string): unknown {
  const plain: unknown = JSON.parse(text);
  if (!text.includes('"json"')) return plain;
  return graft(plain, JSON.parse(text, revive as (key: string, value: unknown) => unknown), false);
}

/** The first tree with the second one's `json` members of bodies in it. */
function graft(plain: unknown, exact: unknown, isBody: boolean): unknown {
  if (plain === null || typeof plain !== 'object' || exact === null || typeof exact !== 'object') return plain;
  if (Array.isArray(plain)) return plain.map((item, index) => graft(item, (exact as unknown[])[index], false));
  return Object.fromEntries(
    Object.entries(plain).map(([key, value]) => {
      const other = (exact as Record<string, unknown>)[key];
      return [key, isBody && key === 'json' ? other : graft(value, other, key === 'body')];
    }),
  );
}
