// Problems of a flow in the reader's language, and the field each belongs to.
import { sentence } from '../../api/problem';
import type { FlowProblem } from './queries';

export interface ShownProblem {
  blockId: string | null;
  /** Where in the block, such as `checks.minimum` or `buttons[0].title`; empty for the block itself. */
  field: string;
  text: string;
  isError: boolean;
}

/** `blocks[2].checks.minimum` is `checks.minimum` of its block. */
export function fieldOf(path: string): string {
  return path.replace(/^blocks\[\d+\]\.?/, '');
}

/** The problem's sentence: those of flows have texts of their own, others are errors as everywhere. */
export function problemText(
  { code, message, params = {} }: Pick<FlowProblem, 'code' | 'message' | 'params'>,
  wayName: (edge: string) => string = (edge) => edge,
): string {
  const { edge } = params;
  const own = edge === undefined ? message : message.replace(`"${edge}"`, `“${wayName(edge)}”`);
  const facts = edge === undefined ? params : { ...params, edge: wayName(edge) };
  return sentence(`flow.${code}`, sentence(code, own, facts), facts);
}

/** The fields that a problem may be shown at, the nearest first: `a.b[0].c`, `a.b[0]`, `a.b`, `a`. */
export function nearestFields(field: string): string[] {
  const found: string[] = [];
  for (let at = field; at !== ''; at = at.replace(/(?:^|[.[])[^.[]*$/, '')) found.push(at);
  return found;
}

/** The sentences of a block by field. */
export function errorsOf(problems: readonly ShownProblem[], blockId: string | null): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { blockId: owner, field, text, isError } of problems)
    if (owner === blockId && isError && field !== '' && !(field in found)) found[field] = text;
  return found;
}
