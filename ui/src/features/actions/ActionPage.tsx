// The page of one action.
import { useSuspenseQueries } from '@tanstack/react-query';
import { getRouteApi, useLocation, useNavigate } from '@tanstack/react-router';

import { ApiProblem } from '../../api/problem';
import { integrationQuery } from '../integrations/queries';
import { ActionEditor } from './ActionEditor';
import { actionQuery } from './queries';

const route = getRouteApi('/signed-in/integrations/$integrationId/actions/$actionId');

declare module '@tanstack/history' {
  interface HistoryState {
    /** The action was made a moment ago, and the work goes on here. */
    isJustMade?: boolean;
  }
}

export function ActionPage() {
  const { integrationId, actionId } = route.useParams();
  const { step = 'details' } = route.useSearch();
  const navigate = useNavigate();
  const isJustMade = useLocation({ select: (location) => location.state.isJustMade === true });
  const [{ data: integration }, { data: action }] = useSuspenseQueries({
    queries: [integrationQuery(integrationId), actionQuery(actionId)],
  });
  if (action.integration_id !== integrationId) throw new ApiProblem(404, 'not_found', '');
  const params = { integrationId, actionId };
  return (
    <ActionEditor
      key={actionId}
      integration={integration}
      action={action}
      step={step}
      isEntered={isJustMade}
      onStep={(next) =>
        void navigate({ to: '/integrations/$integrationId/actions/$actionId', params, search: { step: next } })
      }
      onSaved={(_saved, next) =>
        void (next
          ? navigate({ to: '/integrations/$integrationId/actions/$actionId', params, search: { step: next } })
          : navigate({ to: '/integrations/$integrationId/actions', params, ignoreBlocker: true }))
      }
    />
  );
}
