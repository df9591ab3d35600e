// The test values of an action and the credential last used for it, remembered in this browser; not for personal data.
import { useState } from 'react';

import { useDraft } from '../../components/useDraft';
import type { TestValues } from './testValues';

interface Kept {
  values: TestValues;
  /** Absent as long as nobody chose. */
  credential_id?: string | null;
}

export interface TestSetup {
  values: TestValues;
  setValue: (key: string, text: string) => void;
  /** Undefined as long as nobody chose. */
  credentialId: string | null | undefined;
  setCredentialId: (credentialId: string | null) => void;
}

export function useTestValues(actionId: string | null, isPrivate: boolean): TestSetup {
  const { kept, keep } = useDraft<Kept>(`test-values.${actionId ?? 'new'}`);
  const [values, setValues] = useState<TestValues>(kept?.values ?? {});
  const [credentialId, setCredentialId] = useState(kept?.credential_id);

  function remember(next: Kept) {
    if (actionId) keep(isPrivate ? { ...next, values: {} } : next);
  }

  return {
    values,
    credentialId,
    setValue: (key, text) => {
      const next = { ...values, [key]: text };
      setValues(next);
      remember({ values: next, credential_id: credentialId });
    },
    setCredentialId: (next) => {
      setCredentialId(next);
      remember({ values, credential_id: next });
    },
  };
}
