// What the texts of a block can speak of, with the outputs that its actions have at the moment.
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { ReferenceOption } from '../../components/TemplateField';
import { actionQuery } from '../actions/queries';
import type { Definition } from './definition';
import { referencesFor } from './references';
import { useBlockWords } from './useBlockWords';

const steadyAction = (id: string) => ({ ...actionQuery(id), staleTime: 60_000 });

export function useReferences(definition: Definition, blockId: string | null): ReferenceOption[] {
  const { t } = useTranslation('flows');
  const { title } = useBlockWords();
  const ids = [
    ...new Set(
      definition.blocks.flatMap((block) =>
        block.type === 'custom_integration' && block.action_id ? [block.action_id] : [],
      ),
    ),
  ].toSorted();
  const actions = useQueries({
    queries: ids.map(steadyAction),
    combine: (results) => results.flatMap(({ data }) => (data ? [data] : [])),
  });
  return useMemo(() => {
    const outputs = new Map(actions.map(({ id, outputs: all }) => [id, all]));
    return referencesFor(definition, blockId, (actionId) => outputs.get(actionId) ?? [], {
      title,
      part: (name) => t(`referenceParts.${name}`, { defaultValue: name }),
      contact: (name) => t(`contact.${name}`),
    });
  }, [definition, blockId, actions, title, t]);
}
