// Settings of a form: which one, the words around it, what it is given, and what is kept of it.
import { ActionIcon, Button, Group, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useBuilder } from '../BuilderContext';
import type { FormBlock } from '../definition';
import { LIMITS } from '../limits';
import { formChoicesQuery } from '../queries';
import { AnswerKey, Around, AskText, OpenerLabel, WrongAnswers } from './AnswerParts';
import { asKey, TemplateInput } from './fields';
import classes from './panel.module.css';
import { Part } from './Part';
import { useBlockEdit } from './useBlockEdit';
import { ValuesEditor } from './ValuesEditor';
import { numbered } from './WaysPart';

export function FormPanel({ block }: { block: FormBlock }) {
  const { t } = useTranslation('flows');
  const { isReadOnly, errors } = useBuilder();
  const edit = useBlockEdit<FormBlock>(block.id);
  const forms = useQuery(formChoicesQuery);
  return (
    <>
      <div data-path="form_id">
        <Select
          label={t('fields.form')}
          placeholder={t('fields.choose')}
          data={numbered((forms.data ?? []).map(({ id, name }) => ({ value: id, label: name })))}
          value={block.form_id || null}
          onChange={(id) => edit({ form_id: id ?? '' })}
          error={errors.form_id}
          nothingFoundMessage={t('fields.noForms')}
          searchable
          readOnly={isReadOnly}
        />
      </div>
      <AskText block={block} />
      <OpenerLabel block={block} label={t('fields.formLabel')} limit={LIMITS.formLabel} />
      <AnswerKey block={block} />
      <div className={classes.rows} data-path="values">
        <ValuesEditor
          path="values"
          hint={t('fields.formValuesHint')}
          values={block.values}
          onChange={(values, about) => edit({ values }, about)}
        />
      </div>
      <Given block={block} />
      <Around block={block} />
      <WrongAnswers block={block} />
    </>
  );
}

/** Values that the handlers of the form read as `token.<name>`. */
function Given({ block }: { block: FormBlock }) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const edit = useBlockEdit<FormBlock>(block.id);
  const [name, setName] = useState('');
  const names = Object.keys(block.given);
  const isNew = name !== '' && !names.includes(name);
  return (
    <Part title={t('panel.given')} hint={t('panel.givenHint')} isFolded={names.length === 0}>
      {names.map((key) => (
        <Group key={key} gap="xs" wrap="nowrap" align="flex-end">
          <div className={classes.grow}>
            <TemplateInput
              path={`given.${key}`}
              label={key}
              value={block.given[key] ?? ''}
              onChange={(text) => edit({ given: { ...block.given, [key]: text } }, `given ${key}`)}
            />
          </div>
          {isReadOnly ? null : (
            <ActionIcon
              size={36}
              onClick={() =>
                edit({ given: Object.fromEntries(Object.entries(block.given).filter(([other]) => other !== key)) })
              }
              aria-label={t('rows.remove', { name: key })}
            >
              <Trash2 size={15} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {isReadOnly ? null : (
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            className={classes.grow}
            label={t('fields.givenName')}
            value={name}
            onChange={(event) => setName(asKey(event.currentTarget.value))}
          />
          <Button
            variant="light"
            leftSection={<Plus size={14} aria-hidden />}
            disabled={!isNew}
            onClick={() => {
              edit({ given: { ...block.given, [name]: '' } });
              setName('');
            }}
          >
            {t('source.add')}
          </Button>
        </Group>
      )}
    </Part>
  );
}
