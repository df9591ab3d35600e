// What the panels of the builder work on.
import { createContext, useContext } from 'react';

import type { ReferenceOption } from '../../components/TemplateField';
import type { Block, BlockType, Definition } from './definition';
import type { Change } from './useFlowEditor';

export interface Builder {
  flowId: string;
  definition: Definition;
  isReadOnly: boolean;
  change: Change;
  /** What is wrong with the block that is shown, by field. */
  errors: Readonly<Record<string, string>>;
  /** What the texts of the block that is shown can speak of. */
  references: ReferenceOption[];
  names: ReadonlyMap<string, string>;
  select: (id: string) => void;
  /** Put a new block on a way. */
  addOn: (block: Block, edge: string, type: BlockType) => void;
}

export const BuilderContext = createContext<Builder | null>(null);

export function useBuilder(): Builder {
  const builder = useContext(BuilderContext);
  if (!builder) throw new Error('The builder is not around this.');
  return builder;
}
