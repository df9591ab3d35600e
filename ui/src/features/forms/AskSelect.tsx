// Chooses what WhatsApp asks a form for: a screen's answers, the first screen, or the one before.
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { ASKS, type Ask } from './form';

interface Props {
  value: Ask;
  onChange: (ask: Ask) => void;
  error?: string;
  readOnly?: boolean;
}

export function AskSelect({ onChange, ...rest }: Props) {
  const { t } = useTranslation('forms');
  return (
    <Select
      label={t('handler.ask')}
      data={ASKS.map((ask) => ({ value: ask, label: t(`asks.${ask}`) }))}
      onChange={(ask) => onChange(ask as Ask)}
      allowDeselect={false}
      w={{ base: '100%', xs: 260 }}
      {...rest}
    />
  );
}
