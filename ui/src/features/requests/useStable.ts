// A callback that is always the same and does what the newest one does, so that what gets it is not drawn again for nothing.
import { useCallback, useLayoutEffect, useRef } from 'react';

export function useStable<A extends unknown[], R>(callback: (...given: A) => R): (...given: A) => R {
  const newest = useRef(callback);
  useLayoutEffect(() => {
    newest.current = callback;
  });
  return useCallback((...given: A) => newest.current(...given), []);
}
