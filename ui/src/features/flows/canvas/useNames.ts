// The names of the actions, flows and blocks that a flow's blocks speak of.
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';

import { actionQuery } from '../../actions/queries';
import type { Definition } from '../definition';
import { flowQuery } from '../queries';
import { useBlockWords } from '../useBlockWords';

export function useNames(definition: Definition): ReadonlyMap<string, string> {
  const { title } = useBlockWords();
  const actionIds = distinct(
    definition.blocks.map((block) => (block.type === 'custom_integration' ? block.action_id : '')),
  );
  const flowIds = distinct(definition.blocks.map((block) => (block.type === 'call_flow' ? block.flow_id : '')));
  const actions = useQueries({
    queries: actionIds.map((id) => ({ ...actionQuery(id), staleTime: 60_000 })),
    combine: (results) => results.map(({ data }) => data?.name),
  });
  const flows = useQueries({
    queries: flowIds.map((id) => ({ ...flowQuery(id), staleTime: 60_000 })),
    combine: (results) => results.map(({ data }) => data?.name),
  });
  return useMemo(() => {
    const names = new Map(definition.blocks.map((block) => [block.id, title(block)]));
    actionIds.forEach((id, place) => {
      const name = actions[place];
      if (name) names.set(id, name);
    });
    flowIds.forEach((id, place) => {
      const name = flows[place];
      if (name) names.set(id, name);
    });
    return names;
    // The ids are made anew at each rendering; the names say when they mean something else.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [definition.blocks, title, actions.join('\n'), flows.join('\n'), actionIds.join(), flowIds.join()]);
}

function distinct(ids: string[]): string[] {
  return [...new Set(ids)].filter(Boolean).toSorted();
}
