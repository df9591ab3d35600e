// Blocks of the flow that is walked, by their ids and by what they are called.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Block, BlockOf, Definition } from '../flows/definition';
import { useBlockWords } from '../flows/useBlockWords';

export function blockOf(definition: Definition | undefined, id: string | null): Block | null {
  return definition?.blocks.find((block) => block.id === id) ?? null;
}

export function callBlocks(definition: Definition | undefined): BlockOf<'custom_integration'>[] {
  return (definition?.blocks ?? []).filter((block) => block.type === 'custom_integration');
}

/** What a block is called by its id; one of another flow or another version has no name here. */
export function useBlockName(definition: Definition | undefined): (id: string | null) => string {
  const { t } = useTranslation('simulator');
  const { title } = useBlockWords();
  return useCallback(
    (id: string | null) => {
      const block = blockOf(definition, id);
      return block ? title(block) : t('otherBlock');
    },
    [definition, t, title],
  );
}
