// The answers that a question takes, each with other words for it.
import { Group, TagsInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { RowButtons } from '../../../components/RowButtons';
import { moveRow, removeAt, replaceAt } from '../../../components/rows';
import { useBuilder } from '../BuilderContext';
import type { Option } from '../definition';
import { AddButton } from './AddButton';
import { followingKey } from './fields';
import classes from './panel.module.css';
import { Part } from './Part';

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
                    const value = followingKey(option.value, option.label, label, others, 'option');
                    change({ label, value }, 'label');
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
                    isSmall
                    name={name}
                    index={place}
                    count={options.length}
                    onMove={(by) => onChange(moveRow(options, place, by))}
                    onRemove={() => onChange(removeAt(options, place))}
                  />
                </Group>
              )}
            </div>
          );
        })}
        <AddButton
          label={t('rows.addOption')}
          onClick={() => onChange([...options, { value: '', label: '', synonyms: [] }])}
        />
      </Part>
    </div>
  );
}
