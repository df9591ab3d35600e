// The third step: the request to the API.
import { useMemo, useState } from 'react';

import type { AuthField } from '../../api/schema';
import { useMay } from '../../api/session';
import { ErrorPanel } from '../../components/ErrorPanel';
import { useNewAuthField } from '../integrations/useNewAuthField';
import { emptyRequest, RequestEditor } from '../requests';
import type { StepProps } from './stepProps';
import { typedValues, type TestValues } from './testValues';

const PREFIX = 'request.';
const NO_FIELDS: AuthField[] = [];

export function RequestStep({ integration, editor, isReadOnly, values }: StepProps & { values: TestValues }) {
  const { draft, edit, errors } = editor;
  const [empty] = useState(emptyRequest);
  const adding = useNewAuthField(integration);
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
      {adding.error ? <ErrorPanel error={adding.error} /> : null}
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
        onNewAuthField={mayAddFields ? adding.add : undefined}
      />
    </>
  );
}
