// What the path of a conversation tells: the blocks it came by, its calls, and what happened between its messages.
import type { Call, Happening } from './transcript';
import type { PathStep } from '../../api/schema';

export interface Visit {
  number: number;
  block_id: string;
  edge: string | null;
  at: string;
}

/** The blocks that were entered, in order. */
export function visitsOf(path: readonly PathStep[]): Visit[] {
  return path.flatMap(({ kind, number, block_id: id, edge, at }) =>
    kind === 'visited' && id !== null ? [{ number, block_id: id, edge, at }] : [],
  );
}

/** Calls and notes; the beginning and the end of a call are one, which stands where the call began. */
export function happeningsOf(path: readonly PathStep[]): Happening[] {
  const calls = new Map<number, Call>();
  const found: Happening[] = [];
  for (const step of path) {
    if (step.kind === 'call') {
      const visit = step.visit ?? -1;
      const known = calls.get(visit);
      const call = known ?? { visit, outcome: null, status: null, error: null, executionId: null };
      calls.set(visit, call);
      if (!known) found.push({ key: `call-${visit}-${step.number}`, at: step.at, blockId: step.block_id, call });
      call.executionId = step.execution_id ?? call.executionId;
      if (step.note?.state === 'ended') {
        call.outcome = text(step.note.outcome) ?? 'unknown';
        call.status = typeof step.note.status === 'number' ? step.note.status : null;
        call.error = text(step.note.error);
      }
    } else if (step.kind === 'note' && typeof step.note?.code === 'string') {
      const params = (step.note.params ?? {}) as Record<string, unknown>;
      const note = { code: step.note.code, params };
      found.push({ key: `note-${step.number}`, at: step.at, blockId: step.block_id, note });
    }
  }
  return found;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
