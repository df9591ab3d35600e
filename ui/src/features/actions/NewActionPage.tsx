// The page of an action that is not saved yet.
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { useMay } from '../../api/session';
import { ForbiddenState } from '../../components/ForbiddenState';
import type { ActionStep } from '../../routes/integrations';
import { integrationQuery } from '../integrations/queries';
import { ActionEditor } from './ActionEditor';

const route = getRouteApi('/signed-in/integrations/$integrationId/actions/new');

export function NewActionPage() {
  const { integrationId } = route.useParams();
  const mayWrite = useMay('actions:write');
  const [step, setStep] = useState<ActionStep>('details');
  const navigate = useNavigate();
  const { data: integration } = useSuspenseQuery(integrationQuery(integrationId));
  if (!mayWrite) return <ForbiddenState />;
  return (
    <ActionEditor
      integration={integration}
      action={null}
      step={step}
      onStep={setStep}
      onSaved={(action, next) =>
        void (next
          ? navigate({
              to: '/integrations/$integrationId/actions/$actionId',
              params: { integrationId, actionId: action.id },
              search: { step: next },
              replace: true,
              state: { isJustMade: true },
              ignoreBlocker: true,
            })
          : navigate({ to: '/integrations/$integrationId/actions', params: { integrationId }, ignoreBlocker: true }))
      }
    />
  );
}
