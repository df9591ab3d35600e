// One authentication field: its name, what requests call it, its type, whether it is required; moved and removed by buttons.
import { Checkbox, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { EditedRow } from '../../components/EditedRow';
import { IdentifierInput } from '../../components/IdentifierInput';
import { RowButtons } from '../../components/RowButtons';
import { identifyRow, nameRow, type AuthRow } from './authRows';
import classes from './integrations.module.css';

interface Props {
  row: AuthRow;
  index: number;
  count: number;
  errors: { name?: string; identifier?: string; type?: string };
  isReadOnly: boolean;
  onChange: (row: AuthRow) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

export function AuthFieldRow({ row, index, count, errors, isReadOnly, onChange, onMove, onRemove }: Props) {
  const { t } = useTranslation('integrations');
  const called = row.name.trim() || row.identifier || t('auth.unnamed', { number: index + 1 });
  return (
    <EditedRow id={row.key} legend={t('auth.field', { number: index + 1, name: called })} isReadOnly={isReadOnly}>
      <div className={classes.fieldRow}>
        <TextInput
          data-place="name"
          label={t('auth.name')}
          placeholder={t('auth.namePlaceholder')}
          value={row.name}
          onChange={(event) => onChange(nameRow(row, event.currentTarget.value))}
          error={errors.name}
          maxLength={200}
          autoComplete="off"
        />
        <IdentifierInput
          label={t('auth.identifier')}
          placeholder="api_key"
          value={row.identifier}
          onChange={(identifier) => onChange(identifyRow(row, identifier))}
          error={errors.identifier}
          required
        />
        <Select
          label={t('auth.type')}
          data={[
            { value: 'password', label: t('common:types.password') },
            { value: 'text', label: t('common:types.text') },
          ]}
          value={row.type}
          onChange={(type) => onChange({ ...row, type: type === 'text' ? 'text' : 'password' })}
          error={errors.type}
          comboboxProps={{ shadow: 'md' }}
        />
        <Checkbox
          mt={{ base: 0, md: 33 }}
          label={t('common:required')}
          checked={row.required}
          onChange={(event) => onChange({ ...row, required: event.currentTarget.checked })}
        />
        {isReadOnly ? null : (
          <RowButtons
            mt={{ base: 0, md: 28 }}
            name={called}
            index={index}
            count={count}
            onMove={onMove}
            onRemove={onRemove}
          />
        )}
      </div>
    </EditedRow>
  );
}
