// What is kept of something that has parts: where each value stands in it, what it is called, and its type.
import { ActionIcon, Group, Select, Text, TextInput } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { removeAt, replaceAt } from '../../../components/rows';
import { useBuilder } from '../BuilderContext';
import { VALUE_TYPES, type RowValue, type ValueType } from '../definition';
import { AddButton } from './AddButton';
import { asKey, followingKey } from './fields';
import classes from './panel.module.css';

interface Props {
  path: string;
  hint: string;
  values: RowValue[];
  onChange: (values: RowValue[], about?: string) => void;
}

export function ValuesEditor({ path, hint, values, onChange }: Props) {
  const { t } = useTranslation('flows');
  const { isReadOnly, errors } = useBuilder();
  return (
    <>
      <Text size="sm" fw={500}>
        {t('source.values')}
      </Text>
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
      {values.map((value, place) => {
        const change = (part: Partial<RowValue>, about?: string) =>
          onChange(replaceAt(values, place, { ...value, ...part }), about && `value ${place} ${about}`);
        return (
          // oxlint-disable-next-line react/no-array-index-key -- values have nothing else that stays the same
          <Group key={place} gap="xs" wrap="nowrap" align="flex-end" data-path={`${path}[${place}]`}>
            <TextInput
              className={classes.grow}
              label={t('source.key', { number: place + 1 })}
              value={value.key}
              onChange={(event) => {
                const key = event.currentTarget.value;
                const others = removeAt(values, place).map(({ identifier }) => identifier);
                change({ key, identifier: followingKey(value.identifier, value.key, key, others, 'value') }, 'key');
              }}
              error={errors[`${path}[${place}].key`]}
              readOnly={isReadOnly}
            />
            <TextInput
              className={classes.grow}
              label={t('source.identifier', { number: place + 1 })}
              value={value.identifier}
              onChange={(event) => change({ identifier: asKey(event.currentTarget.value) }, 'identifier')}
              error={errors[`${path}[${place}].identifier`]}
              readOnly={isReadOnly}
            />
            <Select
              w={100}
              aria-label={t('source.type', { number: place + 1 })}
              data={VALUE_TYPES.map((type) => ({ value: type, label: t(`common:types.${type}`) }))}
              value={value.type}
              onChange={(type) => change({ type: type as ValueType })}
              readOnly={isReadOnly}
            />
            {isReadOnly ? null : (
              <ActionIcon
                size={36}
                onClick={() => onChange(removeAt(values, place))}
                aria-label={t('rows.remove', { name: value.identifier || String(place + 1) })}
              >
                <Trash2 size={15} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        );
      })}
      <AddButton
        label={t('source.add')}
        onClick={() => onChange([...values, { identifier: '', key: '', type: 'string' }])}
      />
    </>
  );
}
