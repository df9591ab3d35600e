// Puts together what the last save said and what the preview says, by the path of each field.
import { sentence, type FieldProblem } from '../../api/problem';

export interface FieldErrors {
  /** Said by a refused save, and not touched since. */
  hard: Record<string, string>;
  /** Said by the preview of what is on the screen now. */
  soft: Record<string, string>;
}

export const NO_ERRORS: FieldErrors = { hard: {}, soft: {} };

/** The value at `query[0].value` or `body.json.a.b[0]`, as far as there is one. */
export function valueAt(root: unknown, path: string): unknown {
  let at = root;
  for (const step of path.match(/[^.[\]]+/g) ?? []) {
    if (at === null || typeof at !== 'object') return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

/** The errors whose fields still hold what was refused. */
export function stillTrue(errors: Record<string, string>, refused: unknown, now: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).filter(
      ([path]) => JSON.stringify(valueAt(refused, path)) === JSON.stringify(valueAt(now, path)),
    ),
  );
}

/** The preview's problems of the request itself, by path; a field that is only empty is not blamed yet. */
export function softErrors(problems: FieldProblem[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { path, code, message, params } of problems) {
    if (!path.startsWith('request.') || code === 'required') continue;
    found[path.slice('request.'.length)] ??= sentence(code, message, params);
  }
  return found;
}

/** The error of one field, the firm one first. */
export function errorAt(errors: FieldErrors, path: string): { error?: string; softError?: string } {
  const hard = errors.hard[path];
  if (hard) return { error: hard };
  const soft = errors.soft[path];
  return soft ? { softError: soft } : {};
}

/** The errors at a path or below it. */
export function errorsBelow(errors: FieldErrors, path: string): string[] {
  const isBelow = (each: string) => each === path || each.startsWith(`${path}.`) || each.startsWith(`${path}[`);
  const found = [errors.hard, errors.soft].flatMap((each) =>
    Object.entries(each)
      .filter(([place]) => isBelow(place))
      .map(([, text]) => text),
  );
  return [...new Set(found)];
}
