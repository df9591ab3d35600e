// The method of a request, each explained in a few words; those that only read come first.
import { Group, Select, Text, type ComboboxItem, type SelectProps } from '@mantine/core';
import { Check } from 'lucide-react';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { MethodBadge } from '../../components/badges';
import { METHOD_GROUPS, type Method } from './request';

interface Props {
  value: Method;
  onChange: (method: Method) => void;
  isReadOnly: boolean;
  error?: string;
}

export const MethodSelect = memo(function MethodSelect({ value, onChange, isReadOnly, error }: Props) {
  const { t } = useTranslation('requests');
  const data = useMemo(
    () =>
      METHOD_GROUPS.map(({ group, methods }) => ({
        group: t(`method.groups.${group}`),
        items: methods.map((method) => ({ value: method, label: method })),
      })),
    [t],
  );
  const renderOption: SelectProps['renderOption'] = ({ option, checked }) => (
    <Group gap="sm" wrap="nowrap" align="flex-start" flex={1}>
      <MethodBadge method={option.value} miw={74} mt={2} />
      <Text span size="sm" c="dimmed" flex={1}>
        {t(`method.about.${(option as ComboboxItem).value}`)}
      </Text>
      {checked ? <Check size={16} aria-hidden /> : null}
    </Group>
  );
  return (
    <Select
      label={t('method.label')}
      data={data}
      value={value}
      onChange={(method) => method && onChange(method as Method)}
      readOnly={isReadOnly}
      error={error}
      renderOption={renderOption}
      comboboxProps={{ width: 340, position: 'bottom-start', shadow: 'md' }}
      styles={{
        input: { fontFamily: 'var(--mantine-font-family-monospace)', fontWeight: 600 },
        options: { maxHeight: 440 },
      }}
    />
  );
});
