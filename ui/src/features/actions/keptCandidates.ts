// Which keys an action's last test found, kept in this browser for answers that are not kept whole: no values, only their types.
import type { Candidate, Execution } from '../../api/schema';

// Below the name of drafts, so that signing out forgets them with those.
const PREFIX = 'recado.draft.candidates.';

interface Kept {
  execution_id: string;
  candidates: Candidate[];
}

export function keepCandidates(actionId: string, execution: Execution): void {
  const candidates = (execution.candidates ?? []).map(({ key, type, member_count }) => ({ key, type, member_count }));
  try {
    window.localStorage.setItem(PREFIX + actionId, JSON.stringify({ execution_id: execution.id, candidates }));
  } catch {
    // A full or forbidden store only costs the suggestions after a reload.
  }
}

/** The candidates of that very execution; undefined where none are kept. */
export function keptCandidates(actionId: string, executionId: string): Candidate[] | undefined {
  try {
    const kept = JSON.parse(window.localStorage.getItem(PREFIX + actionId) ?? 'null') as Kept | null;
    return kept?.execution_id === executionId ? kept.candidates : undefined;
  } catch {
    return undefined;
  }
}
