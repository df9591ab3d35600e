// Puts the focus where the work goes on after a row was added, moved or removed.
import { useEffect, useRef, useState, type RefObject } from 'react';

export interface RowFocus {
  /** The element around the rows; rows carry `data-row`, what can be focused `data-place`, the add button `data-add`. */
  list: RefObject<HTMLDivElement | null>;
  focusRow: (id: string | null, place?: string) => void;
}

/** A row that came to an end of the list can be moved back only. */
const OTHER_WAY: Record<string, string> = { up: 'down', down: 'up' };

export function useRowFocus(): RowFocus {
  const list = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<{ id: string | null; place: string } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const row = wanted.id === null ? null : list.current?.querySelector(`[data-row="${CSS.escape(wanted.id)}"]`);
    const places = [wanted.place, OTHER_WAY[wanted.place] ?? 'name', 'name'];
    const place = places
      .map((name) => row?.querySelector<HTMLElement>(`[data-place="${name}"]:not(:disabled)`))
      .find((found) => found);
    (place ?? list.current?.querySelector<HTMLElement>('[data-add]'))?.focus();
  }, [wanted]);
  return { list, focusRow: (id, place = 'name') => setWanted({ id, place }) };
}
