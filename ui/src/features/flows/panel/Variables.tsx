// The variables of a flow: what it keeps beside answers and outputs.
import { ActionIcon, Button, Group, Select, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { removeAt, replaceAt } from '../../../components/rows';
import { freeKey } from '../blocks';
import { useBuilder } from '../BuilderContext';
import { VALUE_TYPES, type ValueType, type Variable } from '../definition';
import { renameReferences } from '../references';
import { asKey } from './fields';
import classes from './panel.module.css';
import { Part } from './Part';

export function VariablesPart() {
  const { t } = useTranslation('flows');
  const { definition, isReadOnly, change, errors } = useBuilder();
  const { variables } = definition;
  const set = (place: number, part: Partial<Variable>, about?: string) =>
    change(
      (now) => ({ ...now, variables: replaceAt(now.variables, place, { ...now.variables[place]!, ...part }) }),
      about ? `variable ${place} ${about}` : null,
    );

  return (
    <div data-path="variables">
      <Part title={t('settings.variables')} hint={t('settings.variablesHint')}>
        {variables.map((variable, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- a key may be changed
          <div key={place} className={classes.row} data-path={`variables[${place}]`}>
            <Group gap="xs" wrap="nowrap" align="flex-end">
              <VariableKey variable={variable} place={place} error={errors[`variables[${place}].key`]} />
              <Select
                w={130}
                label={t('fields.type')}
                data={VALUE_TYPES.map((type) => ({ value: type, label: t(`common:types.${type}`) }))}
                value={variable.type}
                onChange={(type) => set(place, { type: type as ValueType })}
                readOnly={isReadOnly}
              />
              {isReadOnly ? null : (
                <ActionIcon
                  size={36}
                  onClick={() => change((now) => ({ ...now, variables: removeAt(now.variables, place) }))}
                  aria-label={t('rows.remove', { name: variable.key })}
                >
                  <Trash2 size={15} aria-hidden />
                </ActionIcon>
              )}
            </Group>
            <TextInput
              label={t('fields.default')}
              value={variable.default}
              onChange={(event) => set(place, { default: event.currentTarget.value }, 'default')}
              error={errors[`variables[${place}].default`]}
              readOnly={isReadOnly}
            />
          </div>
        ))}
        {isReadOnly ? null : <NewVariable />}
      </Part>
    </div>
  );
}

/** A key is taken over when the field is left; what speaks of the variable follows it. */
function VariableKey({ variable, place, error }: { variable: Variable; place: number; error: string | undefined }) {
  const { t } = useTranslation('flows');
  const { definition, isReadOnly, change } = useBuilder();
  const [typed, setTyped] = useState<string | null>(null);

  function keep() {
    const wanted = asKey(typed ?? '').replace(/_+$/, '');
    setTyped(null);
    if (!wanted || wanted === variable.key) return;
    const others = definition.variables.filter((_, at) => at !== place).map(({ key }) => key);
    const key = freeKey(wanted, others);
    const renames = { variables: new Map([[variable.key, key]]) };
    change((now) => ({
      ...now,
      variables: replaceAt(now.variables, place, { ...now.variables[place]!, key }),
      blocks: now.blocks.map((block) => {
        const renamed = renameReferences(block, renames);
        return renamed.type === 'set_variable' && renamed.variable === variable.key
          ? { ...renamed, variable: key }
          : renamed;
      }),
      settings: renameReferences(now.settings, renames),
    }));
  }

  return (
    <TextInput
      className={classes.grow}
      label={t('fields.key')}
      value={typed ?? variable.key}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep();
      }}
      error={error}
      readOnly={isReadOnly}
      spellCheck={false}
    />
  );
}

export function NewVariable({ onMade }: { onMade?: (key: string) => void }) {
  const { t } = useTranslation('flows');
  const { definition, change } = useBuilder();
  return (
    <Button
      variant="light"
      size="xs"
      className={classes.begin}
      leftSection={<Plus size={14} aria-hidden />}
      onClick={() => {
        const key = freeKey(
          'variable',
          definition.variables.map((variable) => variable.key),
        );
        change((now) => ({ ...now, variables: [...now.variables, { key, name: '', type: 'string', default: '' }] }));
        onMade?.(key);
      }}
    >
      {t('settings.addVariable')}
    </Button>
  );
}
