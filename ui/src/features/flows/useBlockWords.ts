// What blocks and their ways out are called, in the reader's language.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Block } from './definition';
import type { WayOut } from './edges';
import { previewOf } from './preview';

const MOST = 48;

export interface BlockWords {
  /** The name its author gave it, or its first words, or its type. */
  title: (block: Block) => string;
  way: (block: Block, way: Pick<WayOut, 'edge' | 'title' | 'kind'>) => string;
}

export function useBlockWords(): BlockWords {
  const { t } = useTranslation('flows');
  const title = useCallback(
    (block: Block) => {
      if (block.name.trim()) return block.name.trim();
      const words = previewOf(block)
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, '‹$1›')
        .trim();
      if (!words || block.type === 'set_variable' || block.type === 'wait') return t(`types.${block.type}`);
      return words.length > MOST ? `${words.slice(0, MOST - 1).trimEnd()}…` : words;
    },
    [t],
  );
  const way = useCallback(
    (block: Block, { edge, title: own, kind }: Pick<WayOut, 'edge' | 'title' | 'kind'>) => {
      if (own.trim()) return own.trim();
      if (kind === 'choice') return t(block.type === 'condition' ? 'ways.branch' : 'ways.untitled');
      if (edge === 'next' && kind === 'else') return t('ways.others');
      if (edge === 'next' && (block.type === 'question' || block.type === 'form')) return t('ways.answered');
      if (edge === 'next' && (block.type === 'list' || block.type === 'buttons')) return t('ways.chosen');
      if (edge === 'timeout' && block.type === 'custom_integration') return t('ways.callTimeout');
      return t(`ways.${edge}`, { defaultValue: edge });
    },
    [t],
  );
  return { title, way };
}
