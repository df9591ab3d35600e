// An action while it is edited: what was typed over what is saved, kept in this browser, saved part by part.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';

import { ApiProblem, asProblem } from '../../api/problem';
import type { Action, CreateAction, UpdateAction } from '../../api/schema';
import { useDraft } from '../../components/useDraft';
import type { ActionStep } from '../../routes/integrations';
import { stillTrue } from '../requests/errors';
import {
  bodyOf,
  changedParts,
  draftOf,
  EMPTY_DRAFT,
  merge,
  PARTS,
  partOf,
  pick,
  STEP_OF,
  withRowIds,
  type ActionDraft,
  type Part,
} from './draft';
import { actionQuery, createAction, refreshActions, updateAction } from './queries';

export type Edit = (change: (draft: ActionDraft) => Partial<ActionDraft>) => void;

export interface Saved {
  action: Action;
  /** False where some parts were refused and stay unsaved. */
  isWhole: boolean;
}

export interface ActionEditorState {
  draft: ActionDraft;
  edit: Edit;
  dirty: Part[];
  isSaving: boolean;
  /** The draft comes from an earlier visit of this page. */
  isRestored: boolean;
  /** Parts that were changed elsewhere too. */
  conflicts: Part[];
  /** What the server refused and still stands, by path. */
  errors: Record<string, string>;
  /** Why the last save failed. */
  problem: ApiProblem | null;
  /** Save what was changed; null where nothing could be saved. */
  save: (step: ActionStep) => Promise<Saved | null>;
  /** Back to what is saved. */
  discard: () => void;
}

interface Refusal {
  errors: Record<string, string>;
  /** What was sent, so that an error goes when its field changes. */
  sent: unknown;
}

interface State {
  base: ActionDraft;
  savedAt: string;
  draft: ActionDraft;
  conflicts: Part[];
}

interface Kept {
  base: Partial<ActionDraft>;
  parts: Partial<ActionDraft>;
}

const NO_REFUSAL: Refusal = { errors: {}, sent: {} };

/** `action` is the saved one, null where there is none yet. */
export function useActionEditor(integrationId: string, action: Action | null): ActionEditorState {
  const client = useQueryClient();
  const { kept, keep, drop } = useDraft<Kept>(action ? `actions.${action.id}` : `actions.new.${integrationId}`);
  const [state, setState] = useState<State>(() => begin(action, kept));
  const [isRestored, setRestored] = useState(() => changedParts(state.base, state.draft).length > 0);
  const [refusal, setRefusal] = useState(NO_REFUSAL);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isSaving, setSaving] = useState(false);
  const isBusy = useRef(false);
  const dirty = useMemo(() => changedParts(state.base, state.draft), [state.base, state.draft]);
  const errors = useMemo(() => stillTrue(refusal.errors, refusal.sent, bodyOf(state.draft)), [refusal, state.draft]);

  useEffect(() => {
    if (dirty.length === 0) {
      drop();
      return;
    }
    keep({ base: pick(state.base, dirty), parts: pick(state.draft, dirty) });
  }, [dirty, state, keep, drop]);

  if (action && isLater(action.updated_at, state.savedAt) && !isSaving) setState(rebase(state, action));

  async function send(parts: readonly Part[]): Promise<Action> {
    const body = bodyOf(state.draft);
    if (!action) return createAction(integrationId, { ...choose(body, parts), name: body.name } as CreateAction);
    return updateAction(action.id, choose(body, parts));
  }

  /** The parts that were saved; those that are refused, and of no concern to this step, are left for later. */
  async function attempt(
    step: ActionStep,
    parts: readonly Part[],
  ): Promise<{ action: Action; parts: readonly Part[] }> {
    const refused = { errors: {}, sent: bodyOf(state.draft) };
    const note = (found: ApiProblem) => {
      Object.assign(refused.errors, found.byPath);
      setRefusal({ ...refused });
    };
    try {
      return { action: await send(parts), parts };
    } catch (error) {
      const found = asProblem(error);
      note(found);
      const wrong = new Set(found.fields.map(({ path }) => partOf(path)));
      const rest = parts.filter((part) => !wrong.has(part));
      const isOwn = parts.some((part) => wrong.has(part) && (STEP_OF[part] === step || (!action && part === 'name')));
      if (found.status !== 422 || isOwn || rest.length === 0 || rest.length === parts.length) throw error;
      try {
        return { action: await send(rest), parts: rest };
      } catch (second) {
        note(asProblem(second));
        throw second;
      }
    }
  }

  /** Whether somebody else changed the same; what they changed elsewhere comes in. */
  async function isConflicting(): Promise<boolean> {
    if (!action) return false;
    const newest = await client.fetchQuery({ ...actionQuery(action.id), staleTime: 0 });
    if (!isLater(newest.updated_at, state.savedAt)) return false;
    const rebased = rebase(state, newest);
    setState(rebased);
    return rebased.conflicts.length > 0;
  }

  async function save(step: ActionStep): Promise<Saved | null> {
    if (isBusy.current) return null;
    if (action && dirty.length === 0) return { action, isWhole: true };
    isBusy.current = true;
    setSaving(true);
    setProblem(null);
    setRefusal(NO_REFUSAL);
    try {
      if (await isConflicting()) return null;
      const sent = state.draft;
      const done = await attempt(step, action ? dirty : PARTS);
      setState((now) => settle(now, sent, done.action, done.parts));
      setRestored(false);
      await refreshActions(client, integrationId, done.action);
      const isWhole = done.parts.length === (action ? dirty : PARTS).length;
      return { action: done.action, isWhole };
    } catch (error) {
      setProblem(asProblem(error));
      return null;
    } finally {
      isBusy.current = false;
      setSaving(false);
    }
  }

  function discard() {
    setState((now) => ({ ...now, draft: now.base, conflicts: [] }));
    setRestored(false);
    setRefusal(NO_REFUSAL);
    setProblem(null);
    drop();
  }

  return {
    draft: state.draft,
    edit: (change) => setState((now) => ({ ...now, draft: { ...now.draft, ...change(now.draft) } })),
    dirty,
    isSaving,
    isRestored: isRestored && dirty.length > 0,
    conflicts: state.conflicts.filter((part) => dirty.includes(part)),
    errors,
    problem,
    save,
    discard,
  };
}

function choose(body: ReturnType<typeof bodyOf>, parts: readonly Part[]): Omit<UpdateAction, 'name'> {
  return Object.fromEntries(parts.map((part) => [part, body[part]]));
}

/** What is saved, with what was kept of an earlier visit over it. */
function begin(action: Action | null, kept: Kept | null): State {
  const base = action ? draftOf(action) : EMPTY_DRAFT;
  const savedAt = action?.updated_at ?? '';
  if (!kept) return { base, savedAt, draft: base, conflicts: [] };
  const { draft, conflicts } = merge({ ...base, ...kept.base }, { ...base, ...kept.base, ...kept.parts }, base);
  return { base, savedAt, draft, conflicts };
}

/** The action was saved elsewhere: what was not touched here follows it. */
function rebase(state: State, action: Action): State {
  const theirs = withRowIds(draftOf(action), state.base);
  const { draft, conflicts } = merge(state.base, state.draft, theirs);
  return { base: theirs, savedAt: action.updated_at, draft, conflicts };
}

/** The parts that were sent are saved now; what was typed meanwhile, and what was not sent, stays to be saved. */
function settle(now: State, sent: ActionDraft, action: Action, parts: readonly Part[]): State {
  const base = withRowIds(draftOf(action), now.draft);
  const merged = merge(sent, now.draft, base).draft;
  return { base, savedAt: action.updated_at, draft: { ...now.draft, ...pick(merged, parts) }, conflicts: [] };
}

function isLater(at: string, than: string): boolean {
  return comparable(at) > comparable(than);
}

/** Whole seconds come without a fraction. */
function comparable(at: string): string {
  return at.replace(/(?<=:[0-9]{2})Z$/, '.0Z').replace(/Z$/, '');
}
