// Chooses what a block's calls are answered with: by the API itself, or made up.
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import type { BlockOf } from '../flows/definition';
import { AS_IF_WORDS, asIfOf, withoutWord, wordOf } from './asIf';
import type { AsIf } from '../../api/schema';

interface Props {
  block: BlockOf<'custom_integration'>;
  name: string;
  value: AsIf | undefined;
  /** While there is no chat to answer in. */
  isDisabled: boolean;
  onChange: (asIf: AsIf | null) => void;
}

const REAL = 'real';

export function AsIfSelect({ block, name, value, isDisabled, onChange }: Props) {
  const { t } = useTranslation('simulator');
  const action = useQuery({
    queryKey: ['actions', 'one', block.action_id],
    enabled: block.action_id !== '',
    retry: false,
    queryFn: () => data(api.GET('/api/v1/actions/{action_id}', { params: { path: { action_id: block.action_id } } })),
  });
  const outputs = action.data?.outputs ?? [];
  return (
    <Select
      label={name}
      disabled={isDisabled}
      value={wordOf(value) ?? REAL}
      onChange={(word) => onChange(asIfOf(word === REAL ? null : word))}
      data={[
        { value: REAL, label: t('asIf.real') },
        { group: t('asIf.madeUp'), items: AS_IF_WORDS.map((word) => ({ value: word, label: t(`asIf.${word}`) })) },
        ...(outputs.length > 0
          ? [
              {
                group: t('asIf.leftOut'),
                items: outputs.map((output) => ({
                  value: withoutWord(output.identifier),
                  label: t('asIf.without', { output: output.name || output.identifier }),
                })),
              },
            ]
          : []),
      ]}
    />
  );
}
