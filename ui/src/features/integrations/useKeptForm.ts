// A form's values over what is saved: an edit is kept in this browser until it is saved or thrown away. Never for secrets.
import { useCallback, useEffect, useState } from 'react';

import { useDraft } from '../../components/useDraft';

export interface KeptForm<T> {
  value: T;
  set: (value: T) => void;
  isDirty: boolean;
  /** The values come from an earlier visit of this page. */
  isRestored: boolean;
  /** What is saved has been changed since that visit, here or by somebody else. */
  isOutdated: boolean;
  /** Back to what is saved. */
  discard: () => void;
}

interface Kept<T> {
  base: string;
  value: T;
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** `base` says which saved version an edit was made of, for example its `updated_at`. */
export function useKeptForm<T extends object>(name: string, saved: T, base: string): KeptForm<T> {
  const { kept, keep, drop } = useDraft<Kept<T>>(name);
  const [edited, setEdited] = useState<T | null>(() => (kept ? { ...saved, ...kept.value } : null));
  const [isRestored, setRestored] = useState(edited !== null && !isSame(edited, saved));
  const isDirty = edited !== null && !isSame(edited, saved);

  useEffect(() => {
    if (edited === null) return;
    if (isDirty) keep({ base: kept && isRestored ? kept.base : base, value: edited });
    else drop();
  }, [edited, isDirty, isRestored, base, kept, keep, drop]);

  const discard = useCallback(() => {
    setEdited(null);
    setRestored(false);
    drop();
  }, [drop]);

  return {
    value: edited ?? saved,
    set: setEdited,
    isDirty,
    isRestored: isRestored && isDirty,
    isOutdated: isRestored && isDirty && kept !== null && kept.base !== base,
    discard,
  };
}
