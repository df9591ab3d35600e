// What every step of a saved integration begins with: what is saved, who may change it, and the way on.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { useMay } from '../../api/session';
import { integrationQuery, useUpdateIntegration } from './queries';
import { STEP_PATHS, STEPS, type Step } from './steps';

export function useStep(step: Step, integrationId: string) {
  const navigate = useNavigate();
  const mayWrite = useMay('integrations:write');
  const { data: integration } = useSuspenseQuery(integrationQuery(integrationId));
  const updating = useUpdateIntegration(integrationId);
  const next = STEPS[STEPS.indexOf(step) + 1] ?? step;

  /** The work is saved: leaving asks nothing. */
  const goOn = () => navigate({ to: STEP_PATHS[next], params: { integrationId }, ignoreBlocker: true });

  return { integration, mayWrite, updating, goOn };
}
