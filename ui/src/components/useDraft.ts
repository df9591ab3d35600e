// Keeps what was typed and not saved yet in this browser, so that a reload loses nothing. Never for secrets.
import { useCallback, useEffect, useMemo, useRef } from 'react';

import { parseKeepingDigits } from '../api/exactJson';

const PREFIX = 'recado.draft.';
const WAIT_MS = 300;

export interface Draft<T> {
  /** What was kept when the page opened, or null. */
  kept: T | null;
  keep: (value: T) => void;
  /** Forget it: it was saved, or thrown away on purpose. */
  drop: () => void;
}

function read<T>(key: string): T | null {
  try {
    const text = window.localStorage.getItem(key);
    return text === null ? null : (parseKeepingDigits(text) as T);
  } catch {
    return null;
  }
}

export function useDraft<T>(name: string): Draft<T> {
  const key = PREFIX + name;
  const kept = useMemo(() => read<T>(key), [key]);
  const waiting = useRef<{ timer: number; write: () => void } | null>(null);

  const flush = useCallback(() => {
    if (waiting.current) {
      window.clearTimeout(waiting.current.timer);
      waiting.current.write();
      waiting.current = null;
    }
  }, []);
  useEffect(() => {
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [flush]);

  const keep = useCallback(
    (value: T) => {
      if (waiting.current) window.clearTimeout(waiting.current.timer);
      const write = () => {
        try {
          window.localStorage.setItem(key, JSON.stringify(value));
        } catch {
          // A full or forbidden store only costs the draft.
        }
      };
      waiting.current = {
        timer: window.setTimeout(() => {
          write();
          waiting.current = null;
        }, WAIT_MS),
        write,
      };
    },
    [key],
  );

  const drop = useCallback(() => {
    if (waiting.current) window.clearTimeout(waiting.current.timer);
    waiting.current = null;
    window.localStorage.removeItem(key);
  }, [key]);

  return { kept, keep, drop };
}

/** Forget every draft of this browser: somebody signed out. */
export function dropAllDrafts(): void {
  for (const key of Object.keys(window.localStorage)) if (key.startsWith(PREFIX)) window.localStorage.removeItem(key);
}
