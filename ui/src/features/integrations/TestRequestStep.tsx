// The third step: a harmless request that proves a credential works.
import { Alert } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import type { AuthField } from '../../api/schema';
import { emptyRequest, RequestEditor } from '../requests';
import { StepFrame } from './StepFrame';
import { isHarmless } from './steps';
import { useKeptForm } from './useKeptForm';
import { useNewAuthField } from './useNewAuthField';
import { useStep } from './useStep';

const PLACE = 'test_request.';
const NO_SLIPS = {};
const NO_INPUTS: [] = [];
const NO_FIELDS: AuthField[] = [];
const route = getRouteApi('/signed-in/integrations/$integrationId/test-request');

export function TestRequestStep() {
  const { integrationId } = route.useParams();
  const { t } = useTranslation('integrations');
  const { integration, mayWrite, updating, goOn } = useStep('test-request', integrationId);
  const adding = useNewAuthField(integration);
  const [empty] = useState(emptyRequest);
  const form = useKeptForm(
    `integrations.${integrationId}.test-request`,
    integration.test_request ?? empty,
    integration.updated_at,
  );
  const byPath = updating.error ? asProblem(updating.error).byPath : {};
  const errors = Object.fromEntries(
    Object.entries(byPath).map(([path, sentence]) => [path.replace(PLACE, ''), sentence]),
  );

  async function save(goesOn: boolean) {
    await updating.mutateAsync({ change: { test_request: form.value } });
    form.discard();
    if (goesOn) await goOn();
  }

  return (
    <StepFrame
      step="test-request"
      title={t('testRequest.title')}
      text={t('testRequest.text')}
      integrationId={integrationId}
      form={form}
      isEditable={mayWrite}
      isBusy={updating.isPending || adding.isPending}
      error={updating.error ?? adding.error}
      slips={NO_SLIPS}
      isEnterInert
      onSave={(goesOn) => void save(goesOn).catch(() => undefined)}
    >
      <div role="status">
        {isHarmless(form.value.method) ? null : (
          <Alert
            color="yellow"
            icon={<TriangleAlert size={20} aria-hidden />}
            title={t('testRequest.notHarmless', { method: form.value.method })}
          >
            {t('testRequest.notHarmlessText')}
          </Alert>
        )}
      </div>
      <RequestEditor
        integrationId={integrationId}
        value={form.value}
        onChange={form.set}
        inputs={NO_INPUTS}
        authFields={integration.auth.fields ?? NO_FIELDS}
        errors={errors}
        isReadOnly={!mayWrite}
        isKeyInUrlAllowed={integration.auth.key_in_url}
        onNewAuthField={adding.add}
      />
    </StepFrame>
  );
}
