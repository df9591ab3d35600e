// One authentication field: its name, what requests call it, its type, whether it is required; moved and removed by buttons.
import { ActionIcon, Checkbox, Group, Paper, Select, TextInput, Tooltip } from '@mantine/core';
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { identifyRow, nameRow, type AuthRow } from './authRows';
import { MAX_IDENTIFIER } from './identifier';
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
    <Paper component="li" p="md" data-row={row.key} style={{ listStyle: 'none' }}>
      <fieldset style={{ all: 'unset', display: 'block', width: '100%' }} disabled={isReadOnly}>
        <legend className="sr-only">{t('auth.field', { number: index + 1, name: called })}</legend>
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
          <TextInput
            label={t('auth.identifier')}
            placeholder="api_key"
            value={row.identifier}
            onChange={(event) => onChange(identifyRow(row, event.currentTarget.value))}
            error={errors.identifier}
            maxLength={MAX_IDENTIFIER + 1}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
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
            <Group gap={4} mt={{ base: 0, md: 28 }} wrap="nowrap" justify="flex-end">
              <Tooltip label={t('auth.up', { name: called })}>
                <ActionIcon
                  size={34}
                  className={classes.quiet}
                  data-place="up"
                  disabled={index === 0}
                  onClick={() => onMove(-1)}
                  aria-label={t('auth.up', { name: called })}
                >
                  <ArrowUp size={16} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label={t('auth.down', { name: called })}>
                <ActionIcon
                  size={34}
                  className={classes.quiet}
                  data-place="down"
                  disabled={index === count - 1}
                  onClick={() => onMove(1)}
                  aria-label={t('auth.down', { name: called })}
                >
                  <ArrowDown size={16} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label={t('auth.remove', { name: called })}>
                <ActionIcon size={34} color="red" onClick={onRemove} aria-label={t('auth.remove', { name: called })}>
                  <Trash2 size={16} />
                </ActionIcon>
              </Tooltip>
            </Group>
          )}
        </div>
      </fieldset>
    </Paper>
  );
}
