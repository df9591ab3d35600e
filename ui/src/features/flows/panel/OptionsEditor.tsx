// The answers that a question takes, each with other words for it.
import { Button, Group, TagsInput, TextInput } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { freeKey } from '../blocks';
import { useBuilder } from '../BuilderContext';
import type { Option } from '../definition';
import { asKey } from './fields';
import { moveBy, removeAt, replaceAt } from './lists';
import classes from './panel.module.css';
import { Part } from './Part';
import { RowButtons } from './RowButtons';

interface Props {
  options: Option[];
  onChange: (options: Option[], about?: string) => void;
}

export function OptionsEditor({ options, onChange }: Props) {
  const { t } = useTranslation('flows');
  const { isReadOnly, errors } = useBuilder();
  return (
    <div data-path="checks.options">
      <Part title={t('panel.options')} hint={errors['checks.options'] ?? t('panel.optionsHint')}>
        {options.map((option, place) => {
          const name = option.label || option.value;
          const change = (part: Partial<Option>, about?: string) =>
            onChange(replaceAt(options, place, { ...option, ...part }), about && `${about} ${place}`);
          return (
            // oxlint-disable-next-line react/no-array-index-key -- options have nothing else that stays the same
            <div key={place} className={classes.row} data-path={`checks.options[${place}]`}>
              <Group gap="xs" wrap="nowrap" align="flex-end">
                <TextInput
                  className={classes.grow}
                  label={t('fields.optionLabel', { number: place + 1 })}
                  value={option.label}
                  onChange={(event) => {
                    const label = event.currentTarget.value;
                    const others = removeAt(options, place).map(({ value }) => value);
                    const isOwn =
                      option.value === '' || option.value === freeKey(asKey(option.label) || 'option', others);
                    change({ label, ...(isOwn && { value: freeKey(asKey(label) || 'option', others) }) }, 'label');
                  }}
                  error={errors[`checks.options[${place}].label`]}
                  readOnly={isReadOnly}
                />
                <TextInput
                  w={110}
                  label={t('fields.optionValue')}
                  value={option.value}
                  onChange={(event) => change({ value: event.currentTarget.value }, 'value')}
                  error={errors[`checks.options[${place}].value`]}
                  readOnly={isReadOnly}
                />
              </Group>
              <TagsInput
                label={t('fields.synonyms')}
                description={t('fields.synonymsHint')}
                value={option.synonyms}
                onChange={(synonyms) => change({ synonyms })}
                readOnly={isReadOnly}
                data={[]}
              />
              {isReadOnly ? null : (
                <Group justify="flex-end">
                  <RowButtons
                    name={name}
                    place={place}
                    count={options.length}
                    onMove={(by) => onChange(moveBy(options, place, by))}
                    onRemove={() => onChange(removeAt(options, place))}
                  />
                </Group>
              )}
            </div>
          );
        })}
        {isReadOnly ? null : (
          <Button
            variant="light"
            size="xs"
            leftSection={<Plus size={14} aria-hidden />}
            onClick={() => onChange([...options, { value: '', label: '', synonyms: [] }])}
          >
            {t('rows.addOption')}
          </Button>
        )}
      </Part>
    </div>
  );
}
