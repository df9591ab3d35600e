// A flow while it is drawn: its steps back and forth, saved by itself, never over what somebody else saved meanwhile.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

import { asProblem, type ApiProblem } from '../../api/problem';
import { useDraft } from '../../components/useDraft';
import { same } from './compare';
import type { Definition } from './definition';
import * as history from './history';
import { fetchFlow, flowQuery, refreshFlows, saveDraft, type Flow } from './queries';

export type SaveStatus = 'saved' | 'dirty' | 'saving' | 'failed' | 'conflict';
export type Change = (change: (definition: Definition) => Definition, about?: string | null) => void;

export interface FlowEditor {
  definition: Definition;
  change: Change;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
  status: SaveStatus;
  /** Why the last save failed. */
  problem: ApiProblem | null;
  /** What somebody else saved meanwhile, until it is decided whose draft stays. */
  theirs: Flow | null;
  takeTheirs: () => void;
  keepMine: () => Promise<void>;
  /** Save now what is not saved; the revision that is then kept. Throws when it cannot be saved. */
  flush: () => Promise<number>;
  /** The server's draft was put in place of this one: a version was restored. */
  replace: (flow: Flow) => void;
}

interface Kept {
  revision: number;
  definition: Definition;
}

interface Saved {
  revision: number;
  definition: Definition;
}

const WAIT_MS = 700;
const RETRY_MS = 8_000;

export function useFlowEditor(flow: Flow, isReadOnly: boolean): FlowEditor {
  const client = useQueryClient();
  const { kept, keep, drop } = useDraft<Kept>(`flows.${flow.id}`);
  const [steps, setSteps] = useState(() => firstSteps(flow, isReadOnly ? null : kept));
  const [saved, setSaved] = useState<Saved>({ revision: flow.draft_revision, definition: flow.draft });
  const [theirs, setTheirs] = useState<Flow | null>(() =>
    !isReadOnly && kept && kept.revision !== flow.draft_revision && !same(kept.definition, flow.draft) ? flow : null,
  );
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const definition = steps.present;
  const isDirty = definition !== saved.definition;
  const latest = useRef({ definition, saved, theirs });
  useLayoutEffect(() => {
    latest.current = { definition, saved, theirs };
  });
  const running = useRef<Promise<number> | null>(null);

  const settle = useCallback(
    (answer: Flow, definitionSent: Definition) => {
      const now = { revision: answer.draft_revision, definition: definitionSent };
      latest.current = { ...latest.current, saved: now };
      setSaved(now);
      setProblem(null);
      client.setQueryData(flowQuery(answer.id).queryKey, answer);
      void refreshFlows(client);
      return answer.draft_revision;
    },
    [client],
  );

  const save = useCallback(async (): Promise<number> => {
    if (running.current) await running.current.catch(() => 0);
    const { definition: toSend, saved: before } = latest.current;
    if (toSend === before.definition) return before.revision;
    const attempt = async () => {
      setSaving(true);
      try {
        return settle(await saveDraft(flow.id, toSend, before.revision), toSend);
      } catch (error) {
        const found = asProblem(error);
        setProblem(found);
        if (found.code === 'draft_changed') setTheirs(await fetchFlow(flow.id));
        throw found;
      } finally {
        setSaving(false);
        running.current = null;
      }
    };
    running.current = attempt();
    return running.current;
  }, [flow.id, settle]);

  // Saved a moment after the last change, and again after a failure.
  useEffect(() => {
    if (definition === saved.definition || isReadOnly || theirs || isSaving) return undefined;
    const timer = window.setTimeout(() => void save().catch(() => undefined), problem ? RETRY_MS : WAIT_MS);
    return () => window.clearTimeout(timer);
  }, [definition, saved.definition, isReadOnly, theirs, isSaving, problem, save]);

  // What is not saved yet outlives a reload.
  useEffect(() => {
    if (isReadOnly) return;
    if (isDirty) keep({ revision: saved.revision, definition });
    else drop();
  }, [isReadOnly, isDirty, saved.revision, definition, keep, drop]);

  // The page is left before the moment is over.
  useEffect(
    () => () => {
      const { definition: now, saved: before, theirs: other } = latest.current;
      if (!isReadOnly && now !== before.definition && !other)
        void saveDraft(flow.id, now, before.revision).then(
          (answer) => client.setQueryData(flowQuery(answer.id).queryKey, answer),
          () => undefined,
        );
    },
    [flow.id, isReadOnly, client],
  );

  // Somebody else saved while nothing was changed here: follow them.
  if (flow.draft_revision > saved.revision && !isSaving && !theirs) {
    if (isDirty) setTheirs(flow);
    else {
      setSaved({ revision: flow.draft_revision, definition: flow.draft });
      setSteps(history.step(steps, flow.draft));
    }
  }

  const change = useCallback<Change>(
    (make, about = null) => {
      if (!isReadOnly) setSteps((now) => history.step(now, make(now.present), about));
    },
    [isReadOnly],
  );
  const undo = useCallback(() => setSteps(history.undo), []);
  const redo = useCallback(() => setSteps(history.redo), []);

  const replace = useCallback(
    (answer: Flow) => {
      setSteps((now) => history.step(now, answer.draft));
      latest.current = { ...latest.current, definition: answer.draft };
      setTheirs(null);
      settle(answer, answer.draft);
    },
    [settle],
  );

  const takeTheirs = useCallback(() => {
    if (theirs) replace(theirs);
  }, [theirs, replace]);

  const keepMine = useCallback(async () => {
    if (!theirs) return;
    const mine = latest.current.definition;
    setSaving(true);
    try {
      settle(await saveDraft(flow.id, mine, theirs.draft_revision), mine);
      setTheirs(null);
    } catch (error) {
      const found = asProblem(error);
      if (found.code === 'draft_changed') setTheirs(await fetchFlow(flow.id));
      setProblem(found);
      throw found;
    } finally {
      setSaving(false);
    }
  }, [flow.id, theirs, settle]);

  const status = theirs ? 'conflict' : isSaving ? 'saving' : !isDirty ? 'saved' : problem ? 'failed' : 'dirty';
  return {
    definition,
    change,
    undo,
    redo,
    canUndo: history.canUndo(steps) && !isReadOnly,
    canRedo: history.canRedo(steps) && !isReadOnly,
    status,
    problem,
    theirs,
    takeTheirs,
    keepMine,
    flush: save,
    replace,
  };
}

/** What is saved, then what was kept in this browser and is not. */
function firstSteps(flow: Flow, kept: Kept | null): history.History<Definition> {
  const first = history.begin(flow.draft);
  return kept && !same(kept.definition, flow.draft) ? history.step(first, kept.definition) : first;
}
