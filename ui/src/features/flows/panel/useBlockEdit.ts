// Changes parts of one block; typing in one place is one step back.
import { useCallback } from 'react';

import { useBuilder } from '../BuilderContext';
import type { Block } from '../definition';
import { changeBlock, withoutLostWays } from '../edges';

export type Edit<T extends Block> = (change: Partial<T>, about?: string) => void;

export function useBlockEdit<T extends Block>(id: string): Edit<T> {
  const { change } = useBuilder();
  return useCallback(
    (part, about) =>
      change(
        (now) => changeBlock(now, id, (block) => withoutLostWays({ ...block, ...part } as Block)),
        about === undefined ? null : `${id} ${about}`,
      ),
    [change, id],
  );
}
