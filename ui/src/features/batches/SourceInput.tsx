// A value for everybody: the same text for all, or each line's own from a column of the table.
import { Group, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Source } from './people';

interface Props {
  label: string;
  description?: string;
  value: Source | undefined;
  onChange: (value: Source) => void;
  /** What the columns of the table are called; none where there is no table. */
  columns: string[];
  error?: string;
  isReadOnly?: boolean;
}

const SAME = 'same';
const NOTHING: Source = { column: null, text: '' };

export function SourceInput({ label, description, value = NOTHING, onChange, columns, error, isReadOnly }: Props) {
  const { t } = useTranslation('batches');
  const isSame = value.column === null || value.column >= columns.length;
  const text = isSame ? (
    <TextInput
      label={columns.length === 0 ? label : undefined}
      aria-label={columns.length === 0 ? undefined : t('source.textOf', { label })}
      description={columns.length === 0 ? description : undefined}
      value={value.text}
      onChange={(event) => onChange({ column: null, text: event.currentTarget.value })}
      error={error}
      readOnly={isReadOnly}
      autoComplete="off"
      maxLength={2000}
      style={{ flex: '1 1 220px' }}
    />
  ) : null;
  if (columns.length === 0) return text;
  return (
    <Group gap="xs" align="flex-end">
      <Select
        label={label}
        description={description}
        data={[
          { value: SAME, label: t('source.same') },
          ...columns.map((column, at) => ({ value: String(at), label: t('source.column', { column }) })),
        ]}
        value={isSame ? SAME : String(value.column)}
        onChange={(chosen) =>
          onChange({ ...value, column: chosen === SAME || chosen === null ? null : Number(chosen) })
        }
        allowDeselect={false}
        w={{ base: '100%', xs: 220 }}
      />
      {text}
    </Group>
  );
}
