// Runs tests of an action, one at a time; whoever stops waiting leaves the run itself alone.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { asProblem, type ApiProblem } from '../../api/problem';
import type { Execution } from '../../api/schema';
import { keepCandidates } from './keptCandidates';
import { lastTestQuery, testAction } from './queries';

export interface TestRun {
  /** Milliseconds since 1970; null where none runs. */
  startedAt: number | null;
  isStopped: boolean;
  /** Why the test was not even begun. */
  problem: ApiProblem | null;
  run: (actionId: string, body: string) => Promise<Execution | null>;
  /** Stop waiting for it. */
  stop: () => void;
}

export function useTestRun(): TestRun {
  const client = useQueryClient();
  const [startedAt, setStartedAt] = useState<number | null>(null);
  const [isStopped, setStopped] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function run(actionId: string, body: string): Promise<Execution | null> {
    if (running.current) return null;
    const controller = new AbortController();
    running.current = controller;
    setStartedAt(Date.now());
    setStopped(false);
    setProblem(null);
    try {
      const execution = await testAction(actionId, body, controller.signal);
      keepCandidates(actionId, execution);
      client.setQueryData(lastTestQuery(actionId).queryKey, execution);
      return execution;
    } catch (error) {
      if (controller.signal.aborted) setStopped(true);
      else setProblem(asProblem(error));
      return null;
    } finally {
      running.current = null;
      setStartedAt(null);
      void client.invalidateQueries({ queryKey: ['executions', 'last-run', actionId] });
    }
  }

  return { startedAt, isStopped, problem, run, stop: () => running.current?.abort() };
}
