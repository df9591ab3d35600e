// The key that values are sealed to, whether this page can seal at all, and whether it is the key this browser knows.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import type { SecretKey } from '../../api/schema';
import { acceptKey, changedFrom } from './keyPin';
import { secretKeyQuery, secretsStateQuery } from './queries';
import { canSeal, readKey } from './sealing';

export interface Sealing {
  secretKey: SecretKey | undefined;
  canSeal: boolean;
  isSealingRequired: boolean;
  hasAgreed: boolean;
  agree: (hasAgreed: boolean) => void;
  changedFrom: string | null;
  accept: () => void;
  /** Values may be typed and sent: sealed, or as they are where the person agreed to that. */
  isOpen: boolean;
  /** The key of this moment; null where it is another one than this browser knows, which is then shown. */
  freshKey: () => Promise<SecretKey | null>;
  error: unknown;
}

export function useSealing(): Sealing {
  const client = useQueryClient();
  const isAble = canSeal();
  const key = useQuery(secretKeyQuery);
  const state = useQuery({ ...secretsStateQuery, enabled: !isAble });
  const [hasAgreed, agree] = useState(false);
  const [, setAccepted] = useState('');
  const secretKey = key.data;
  const changed = secretKey && isAble ? changedFrom(secretKey) : null;
  const isSealingRequired = state.data?.is_client_sealing_required ?? !isAble;

  function accept() {
    if (!secretKey) return;
    acceptKey(secretKey);
    setAccepted(secretKey.fingerprint);
  }

  async function freshKey(): Promise<SecretKey | null> {
    const fresh = await client.fetchQuery(secretKeyQuery);
    if (!isAble) return fresh;
    await readKey(fresh);
    return changedFrom(fresh) ? null : fresh;
  }

  return {
    secretKey,
    canSeal: isAble,
    isSealingRequired,
    hasAgreed,
    agree,
    changedFrom: changed,
    accept,
    isOpen: isAble ? changed === null : hasAgreed && !isSealingRequired,
    freshKey,
    error: key.error,
  };
}
