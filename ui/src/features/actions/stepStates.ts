// How far each step of an action is.
import type { Execution } from '../../api/schema';
import { ACTION_STEPS, type ActionStep } from '../../routes/integrations';
import { answerOf, pickOutput, type Answer } from '../responses/outputs';
import { stepOf, type ActionDraft } from './draft';

/** `none`: nothing there, and nothing needed. */
export type StepState = 'done' | 'missing' | 'none' | 'error' | 'warning';

interface Known {
  draft: ActionDraft;
  isSaved: boolean;
  errors: Record<string, string>;
  lastTest: Execution | null;
}

export function stepStates({ draft, isSaved, errors, lastTest }: Known): Record<ActionStep, StepState> {
  const states: Record<ActionStep, StepState> = {
    details: isSaved ? 'done' : 'missing',
    inputs: draft.inputs.length > 0 ? 'done' : 'none',
    request: draft.request && draft.request.endpoint !== '' ? 'done' : 'missing',
    test: testState(lastTest),
    outputs: outputsState(draft, lastTest && goodAnswer(lastTest)),
  };
  const wrong = new Set(Object.keys(errors).map(stepOf));
  for (const step of ACTION_STEPS) if (wrong.has(step)) states[step] = 'error';
  return states;
}

function testState(lastTest: Execution | null): StepState {
  if (!lastTest || lastTest.state === 'running') return 'missing';
  return lastTest.outcome === 'ok' ? 'done' : 'warning';
}

function outputsState({ outputs }: ActionDraft, answer: Answer | null): StepState {
  if (outputs.length === 0) return 'none';
  const isGood = outputs.every(({ key, type }) => !answer || isThere(pickOutput(key, type, answer).result));
  return isGood ? 'done' : 'warning';
}

/** The answer outputs are judged by: they are only picked from a successful one (2xx). */
export function goodAnswer(execution: Execution): Answer | null {
  const answer = answerOf(execution);
  return answer && answer.status >= 200 && answer.status < 300 ? answer : null;
}

export function isThere(result: ReturnType<typeof pickOutput>['result']): boolean {
  return result === 'found' || result === 'hidden';
}
