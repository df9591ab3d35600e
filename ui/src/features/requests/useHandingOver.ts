// Hands new authentication fields over one after the other: each is known before the next one comes.
import { useEffect, useRef } from 'react';

import type { AuthField } from '../../api/schema';
import { useStable } from './useStable';

export interface NewAuthField {
  identifier: string;
  /** The secret itself; it is nowhere else. */
  value: string;
}

export function useHandingOver(
  authFields: AuthField[],
  onNewAuthField: ((identifier: string, value: string) => void) | undefined,
) {
  const waiting = useRef<NewAuthField[]>([]);
  const asked = useRef<string | null>(null);
  const next = useStable(() => {
    const first = waiting.current.shift();
    asked.current = first?.identifier ?? null;
    if (first) onNewAuthField?.(first.identifier, first.value);
  });
  useEffect(() => {
    if (asked.current !== null && authFields.some((field) => field.identifier === asked.current)) next();
  }, [authFields, next]);
  return (made: NewAuthField[]) => {
    waiting.current = [...made];
    next();
  };
}
