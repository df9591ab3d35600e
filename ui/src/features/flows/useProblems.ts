// What the server finds wrong with the flow as it is on the screen, by block.
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { meaning } from './compare';
import type { Block, Definition } from './definition';
import { waysOut } from './edges';
import { fieldOf, problemText, type ShownProblem } from './problems';
import { useBlockWords } from './useBlockWords';
import { problemsQuery, type FlowProblem } from './queries';

export interface Problems {
  all: readonly ShownProblem[];
  byBlock: ReadonlyMap<string, { errors: number; warnings: number }>;
  errors: number;
  warnings: number;
  isPending: boolean;
  error: unknown;
}

const WAIT_MS = 600;
const NONE: readonly FlowProblem[] = [];

export function useProblems(flowId: string, definition: Definition): Problems {
  const [settled] = useDebouncedValue(definition, WAIT_MS);
  const key = useMemo(() => meaning(settled), [settled]);
  const { data, isPending, error } = useQuery({
    ...problemsQuery(flowId, settled, key),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  const { way } = useBlockWords();
  const blocks = useMemo(() => new Map(definition.blocks.map((block) => [block.id, block])), [definition.blocks]);
  return useMemo(() => {
    const wayName = (block: Block | undefined, edge: string) => {
      const found = block && waysOut(block).find((each) => each.edge === edge);
      return block && found ? way(block, found) : edge;
    };
    const all = (data ?? NONE)
      .filter(({ block_id: id }) => id === null || blocks.has(id))
      .map((problem): ShownProblem => ({
        blockId: problem.block_id,
        field: fieldOf(problem.path),
        text: problemText(problem, (edge) => wayName(blocks.get(problem.block_id ?? ''), edge)),
        isError: problem.severity === 'error',
      }));
    const byBlock = new Map<string, { errors: number; warnings: number }>();
    for (const { blockId, isError } of all) {
      if (blockId === null) continue;
      const sum = byBlock.get(blockId) ?? { errors: 0, warnings: 0 };
      byBlock.set(blockId, {
        errors: sum.errors + Number(isError),
        warnings: sum.warnings + Number(!isError),
      });
    }
    const errors = all.filter(({ isError }) => isError).length;
    return { all, byBlock, errors, warnings: all.length - errors, isPending, error };
  }, [data, blocks, way, isPending, error]);
}
