// How the dates in a row are written: one of four known forms, or a pattern.
import { Group, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const KNOWN = ['rfc3339', 'date', 'epoch_seconds', 'epoch_milliseconds'];
const PATTERN = 'pattern';
const FIRST_PATTERN = '%d/%m/%Y';

interface Props {
  value: string | null;
  error?: string;
  onChange: (value: string | null) => void;
}

export function DateFormat({ value, error, onChange }: Props) {
  const { t } = useTranslation('requests');
  const isPattern = value !== null && !KNOWN.includes(value);
  return (
    <Group gap="sm" align="flex-start">
      <Select
        size="sm"
        w={300}
        maw="100%"
        label={t('rows.dateFormat')}
        value={isPattern ? PATTERN : (value ?? 'rfc3339')}
        data={[...KNOWN, PATTERN].map((format) => ({ value: format, label: t(`rows.formatsLong.${format}`) }))}
        onChange={(next) => onChange(next === PATTERN ? FIRST_PATTERN : next === 'rfc3339' ? null : next)}
      />
      {isPattern ? (
        <TextInput
          size="sm"
          label={t('rows.datePattern')}
          description={t('rows.datePatternHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={value}
          error={error}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : null}
    </Group>
  );
}
