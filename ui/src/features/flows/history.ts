// What was, what is and what was undone: steps to go back and forth, with typing in one place kept as one step.
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** What the last step was about; another step about the same soon after joins it. */
  readonly about: string | null;
  readonly at: number;
}

export const MOST_STEPS = 200;
/** Pauses longer than this begin a new step. */
export const PAUSE_MS = 1_500;

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], about: null, at: 0 };
}

/** Take a step; `about` names a place that is typed in, or is null for a step that stands alone. */
export function step<T>(history: History<T>, next: T, about: string | null = null, now = Date.now()): History<T> {
  if (Object.is(next, history.present)) return history;
  const isSame = about !== null && about === history.about && now - history.at <= PAUSE_MS;
  const past = isSame ? history.past : [...history.past, history.present].slice(-MOST_STEPS);
  return { past, present: next, future: [], about, at: now };
}

export function canUndo<T>(history: History<T>): boolean {
  return history.past.length > 0;
}

export function canRedo<T>(history: History<T>): boolean {
  return history.future.length > 0;
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    about: null,
    at: 0,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, about: null, at: 0 };
}
