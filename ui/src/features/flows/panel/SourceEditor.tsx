// Choices made of a list that an action brought: which list, and what of each entry is shown and kept.
import { ActionIcon, Button, Group, SegmentedControl, Select, Text, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { freeKey, NO_SOURCE } from '../blocks';
import { useBuilder } from '../BuilderContext';
import { VALUE_TYPES, type RowSource, type RowValue, type ValueType } from '../definition';
import { asKey, PlainInput, TemplateInput } from './fields';
import { removeAt, replaceAt } from './lists';
import classes from './panel.module.css';

interface ChoiceProps {
  source: RowSource | null;
  onChange: (source: RowSource | null) => void;
}

export function SourceChoice({ source, onChange }: ChoiceProps) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      value={source ? 'output' : 'fixed'}
      onChange={(value) => onChange(value === 'output' ? NO_SOURCE : null)}
      disabled={isReadOnly}
      aria-label={t('source.where')}
      data={[
        { value: 'fixed', label: t('source.fixed') },
        { value: 'output', label: t('source.output') },
      ]}
    />
  );
}

interface Props {
  source: RowSource;
  onChange: (source: RowSource, about?: string) => void;
}

export function SourceEditor({ source, onChange }: Props) {
  const { t } = useTranslation('flows');
  const { isReadOnly, references, errors } = useBuilder();
  const lists = useMemo(
    () => references.map((option) => ({ ...option, isHidden: option.isHidden || option.type !== 'json' })),
    [references],
  );
  const set = (part: Partial<RowSource>, about: string) => onChange({ ...source, ...part }, `source ${about}`);
  const { values } = source;
  return (
    <div className={classes.rows} data-path="source">
      <TemplateInput
        path="source.rows"
        label={t('source.rows')}
        description={t('source.rowsHint')}
        value={source.rows}
        onChange={(rows) => set({ rows }, 'rows')}
        references={lists}
        required
      />
      {(['id', 'title', 'description'] as const).map((name) => (
        <PlainInput
          key={name}
          path={`source.${name}`}
          label={t(`source.${name}`)}
          description={t(`source.${name}Hint`)}
          placeholder={name === 'description' ? '' : name}
          value={source[name]}
          onChange={(text) => set({ [name]: text }, name)}
          isMono
        />
      ))}
      <Text size="sm" fw={500}>
        {t('source.values')}
      </Text>
      <Text size="xs" c="dimmed">
        {t('source.valuesHint')}
      </Text>
      {values.map((value, place) => {
        const change = (part: Partial<RowValue>, about?: string) =>
          onChange(
            { ...source, values: replaceAt(values, place, { ...value, ...part }) },
            about && `value ${place} ${about}`,
          );
        return (
          // oxlint-disable-next-line react/no-array-index-key -- values have nothing else that stays the same
          <Group key={place} gap="xs" wrap="nowrap" align="flex-end" data-path={`source.values[${place}]`}>
            <TextInput
              className={classes.grow}
              label={t('source.key', { number: place + 1 })}
              value={value.key}
              onChange={(event) => {
                const key = event.currentTarget.value;
                const others = removeAt(values, place).map(({ identifier }) => identifier);
                const isOwn =
                  value.identifier === '' || value.identifier === freeKey(asKey(value.key) || 'value', others);
                change({ key, ...(isOwn && { identifier: freeKey(asKey(key) || 'value', others) }) }, 'key');
              }}
              error={errors[`source.values[${place}].key`]}
              readOnly={isReadOnly}
            />
            <TextInput
              className={classes.grow}
              label={t('source.identifier', { number: place + 1 })}
              value={value.identifier}
              onChange={(event) => change({ identifier: asKey(event.currentTarget.value) }, 'identifier')}
              error={errors[`source.values[${place}].identifier`]}
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
                onClick={() => onChange({ ...source, values: removeAt(values, place) })}
                aria-label={t('rows.remove', { name: value.identifier || String(place + 1) })}
              >
                <Trash2 size={15} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        );
      })}
      {isReadOnly ? null : (
        <Button
          variant="light"
          size="xs"
          leftSection={<Plus size={14} aria-hidden />}
          onClick={() => onChange({ ...source, values: [...values, { identifier: '', key: '', type: 'string' }] })}
        >
          {t('source.add')}
        </Button>
      )}
    </div>
  );
}
