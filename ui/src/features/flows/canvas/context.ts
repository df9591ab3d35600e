// What every block and way on a drawing knows of what surrounds it.
import { createContext, useContext } from 'react';

export interface Counts {
  entered: number;
  stopped?: number;
}

export interface Drawing {
  isReadOnly: boolean;
  /** The block the conversation stands at. */
  highlighted: string | null;
  /** The blocks that were walked through; null where no path is shown. */
  visited: ReadonlySet<string> | null;
  counts: Readonly<Record<string, Counts>>;
  /** Errors and warnings of a block. */
  problems: ReadonlyMap<string, { errors: number; warnings: number }>;
  /** Names of actions and flows by id. */
  names: ReadonlyMap<string, string>;
  unfolded: ReadonlySet<string>;
  onUnfold: (id: string) => void;
  /** Offer blocks to put on a way; `at` is where the offer opens. */
  onAdd: (from: string, edge: string, at: { x: number; y: number }) => void;
}

export const NO_DRAWING: Drawing = {
  isReadOnly: true,
  highlighted: null,
  visited: null,
  counts: {},
  problems: new Map(),
  names: new Map(),
  unfolded: new Set(),
  onUnfold: () => undefined,
  onAdd: () => undefined,
};

export const DrawingContext = createContext<Drawing>(NO_DRAWING);

export function useDrawing(): Drawing {
  return useContext(DrawingContext);
}
