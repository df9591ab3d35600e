// What a channel is called, and the two ids by which Meta knows its number.
import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { isMetaId } from './channel';

export interface Ids {
  name: string;
  phone_number_id: string;
  waba_id: string;
}

interface Props {
  value: Ids;
  onChange: (value: Ids) => void;
  /** Sentences by path, as the API names them. */
  errors: Record<string, string>;
  isReadOnly?: boolean;
}

export function IdsForm({ value, onChange, errors, isReadOnly = false }: Props) {
  const { t } = useTranslation('channels');
  return (
    <>
      <TextInput
        label={t('form.name')}
        description={t('form.nameHint')}
        value={value.name}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
        error={errors.name}
        maxLength={200}
        readOnly={isReadOnly}
        autoComplete="off"
        required
        maw={520}
      />
      {(['phone_number_id', 'waba_id'] as const).map((key) => (
        <TextInput
          key={key}
          label={t(`form.${key}`)}
          description={t(`form.${key}Hint`)}
          placeholder="100200300400500"
          value={value[key]}
          onChange={(event) => onChange({ ...value, [key]: event.currentTarget.value })}
          error={errors[`settings.${key}`]}
          inputMode="numeric"
          readOnly={isReadOnly}
          autoComplete="off"
          spellCheck={false}
          required
          maw={520}
        />
      ))}
    </>
  );
}

/** What can be told before the server is asked. */
export function idsErrors(value: Ids, t: (key: 'form.nameMissing' | 'form.idWrong') => string): Record<string, string> {
  const errors: Record<string, string> = {};
  if (value.name.trim() === '') errors.name = t('form.nameMissing');
  if (!isMetaId(value.phone_number_id)) errors['settings.phone_number_id'] = t('form.idWrong');
  if (!isMetaId(value.waba_id)) errors['settings.waba_id'] = t('form.idWrong');
  return errors;
}
