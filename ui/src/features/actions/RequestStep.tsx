// The third step: the request to the API.
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { api, data } from '../../api/client';
import type { AuthField, Integration } from '../../api/schema';
import { useMay } from '../../api/session';
import { ErrorPanel } from '../../components/ErrorPanel';
import { handOver } from '../credentials/handOver';
import { integrationQuery } from '../integrations/queries';
import { emptyRequest, RequestEditor } from '../requests';
import type { StepProps } from './stepProps';
import { typedValues, type TestValues } from './testValues';

const PREFIX = 'request.';
const NO_FIELDS: AuthField[] = [];

export function RequestStep({ integration, editor, isReadOnly, values }: StepProps & { values: TestValues }) {
  const { draft, edit, errors } = editor;
  const [empty] = useState(emptyRequest);
  const { add, problem } = useNewAuthField(integration);
  const mayAddFields = useMay('integrations:write');
  const own = useMemo(
    () =>
      Object.fromEntries(
        Object.entries(errors)
          .filter(([path]) => path.startsWith(PREFIX))
          .map(([path, sentence]) => [path.slice(PREFIX.length), sentence]),
      ),
    [errors],
  );
  return (
    <>
      {problem ? <ErrorPanel error={problem} /> : null}
      <RequestEditor
        integrationId={integration.id}
        value={draft.request ?? empty}
        onChange={(request) => edit(() => ({ request }))}
        inputs={draft.inputs}
        authFields={integration.auth.fields ?? NO_FIELDS}
        errors={own}
        isReadOnly={isReadOnly}
        isKeyInUrlAllowed={integration.auth.key_in_url}
        sampleValues={typedValues(draft.inputs, values)}
        onNewAuthField={mayAddFields ? add : undefined}
      />
    </>
  );
}

/** A key found in a pasted cURL command becomes a field of the integration; its value waits in memory for a credential. */
function useNewAuthField(integration: Integration) {
  const client = useQueryClient();
  const [problem, setProblem] = useState<unknown>(null);

  async function save(identifier: string) {
    const { scheme, name, key_in_url, fields } = integration.auth;
    if ((fields ?? []).some((field) => field.identifier === identifier)) return;
    const added = { identifier, type: 'password' as const, required: true };
    try {
      const saved = await data(
        api.PATCH('/api/v1/integrations/{integration_id}', {
          params: { path: { integration_id: integration.id } },
          body: { auth: { scheme, name, key_in_url, fields: [...(fields ?? []), added] } },
        }),
      );
      client.setQueryData(integrationQuery(integration.id).queryKey, saved);
      setProblem(null);
    } catch (error) {
      setProblem(error);
    }
  }

  return {
    problem,
    add: (identifier: string, value: string) => {
      handOver(integration.id, identifier, value);
      void save(identifier);
    },
  };
}
