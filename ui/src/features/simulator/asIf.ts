// The answers that can be made up for a call, as one word each for a list to choose from.
import type { AsIf } from '../../api/schema';

/** What an API can answer, in the order it is offered. */
const WORDS: Record<string, AsIf> = {
  http_5xx: { outcome: 'http_5xx', status: 500 },
  timeout: { outcome: 'timeout' },
  network: { outcome: 'network' },
  rate_limited: { outcome: 'rate_limited', status: 429 },
  auth_failed: { outcome: 'auth_failed', status: 401 },
  http_4xx: { outcome: 'http_4xx', status: 404 },
};
const WITHOUT = 'without:';

export const AS_IF_WORDS = Object.keys(WORDS);

export function withoutWord(output: string): string {
  return WITHOUT + output;
}

/** The output a word leaves out, or null for every other word. */
export function outputOf(word: string): string | null {
  return word.startsWith(WITHOUT) ? word.slice(WITHOUT.length) : null;
}

export function asIfOf(word: string | null): AsIf | null {
  if (word === null) return null;
  const output = outputOf(word);
  return output === null ? (WORDS[word] ?? null) : { outcome: 'ok', without_outputs: [output] };
}

export function wordOf(asIf: AsIf | null | undefined): string | null {
  if (!asIf) return null;
  const output = asIf.without_outputs?.at(0);
  return output === undefined ? asIf.outcome : withoutWord(output);
}
