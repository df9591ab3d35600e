// The third step: a harmless request that proves a credential works.
import { Alert } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import type { AuthField, Integration } from '../../api/schema';
import { useMay } from '../../api/session';
import { handOver } from '../credentials/handOver';
import { emptyRequest, RequestEditor } from '../requests';
import { integrationQuery, useUpdateIntegration } from './queries';
import { StepFrame } from './StepFrame';
import { isHarmless } from './steps';
import { useKeptForm } from './useKeptForm';

const PLACE = 'test_request.';
const NO_SLIPS = {};
const NO_INPUTS: [] = [];
const route = getRouteApi('/signed-in/integrations/$integrationId/test-request');

export function TestRequestStep() {
  const { integrationId } = route.useParams();
  const { t } = useTranslation('integrations');
  const navigate = useNavigate();
  const mayWrite = useMay('integrations:write');
  const { data: integration } = useSuspenseQuery(integrationQuery(integrationId));
  const updating = useUpdateIntegration(integrationId);
  const { authFields, adding, add } = useNewAuthFields(integration);
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
    if (goesOn)
      await navigate({
        to: '/integrations/$integrationId/credentials',
        params: { integrationId },
        ignoreBlocker: true,
      });
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
        authFields={authFields}
        errors={errors}
        isReadOnly={!mayWrite}
        isKeyInUrlAllowed={integration.auth.key_in_url}
        onNewAuthField={add}
      />
    </StepFrame>
  );
}

/** A key found in a pasted cURL command becomes a field; its value waits in memory for the credential. */
function useNewAuthFields(integration: Integration) {
  const adding = useUpdateIntegration(integration.id);
  const [added, setAdded] = useState<string[]>([]);
  const saved = integration.auth.fields ?? [];
  const fresh = added.filter((identifier) => !saved.some((field) => field.identifier === identifier));
  const authFields = [
    ...saved,
    ...fresh.map((identifier): AuthField => ({ id: identifier, ...passwordField(identifier) })),
  ];

  function add(identifier: string, value: string) {
    handOver(integration.id, identifier, value);
    if (authFields.some((field) => field.identifier === identifier)) return;
    setAdded([...fresh, identifier]);
    adding.mutate({
      change: { auth: { scheme: 'api_key', fields: [...saved, ...[...fresh, identifier].map(passwordField)] } },
    });
  }

  return { authFields, adding, add };
}

const passwordField = (identifier: string) => ({ identifier, name: null, type: 'password' as const, required: true });
