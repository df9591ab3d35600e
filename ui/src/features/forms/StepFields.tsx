// What is shown next: a screen, what each of its values is filled with, and a message above it.
import { ActionIcon, Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { END, freeName, NO_FILL, renamed, textOfValue, valueOfText, without, type Fill, type Step } from './form';
import { useForm } from './FormContext';

const MONO = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } };
const SAME = '';

interface Props {
  path: string;
  step: Step;
  /** The screen that asked; none where there is no such. */
  from: string;
  onChange: (step: Step) => void;
}

export function StepFields({ path, step, from, onChange }: Props) {
  const { t } = useTranslation('forms');
  const { screens, errors, isReadOnly } = useForm();
  const shown = screens.find(({ id }) => id === (step.screen || from));
  const known = Object.keys(shown?.data ?? {});
  const isEnd = step.screen === END;
  const extra = Object.keys(step.data).filter((key) => !known.includes(key));
  const setFill = (key: string, fill: Fill) => onChange({ ...step, data: { ...step.data, [key]: fill } });
  const setData = (data: Step['data']) => onChange({ ...step, data });
  return (
    <Stack gap="sm">
      <Select
        label={t('step.screen')}
        data={[
          { value: SAME, label: t('step.same') },
          ...screens.map(({ id, title }) => ({ value: id, label: title ? `${title} (${id})` : id })),
          { value: END, label: t('step.end') },
          ...(step.screen && !isEnd && !shown ? [{ value: step.screen, label: step.screen }] : []),
        ]}
        value={step.screen}
        onChange={(screen) => onChange({ ...step, screen: screen ?? SAME })}
        error={errors[`${path}.screen`]}
        allowDeselect={false}
        readOnly={isReadOnly}
        maw={420}
      />
      <TextInput
        label={t('step.message')}
        description={isEnd ? undefined : t('step.messageHint')}
        value={step.message}
        onChange={(event) => onChange({ ...step, message: event.currentTarget.value })}
        error={errors[`${path}.message`]}
        readOnly={isReadOnly}
        maw={720}
      />
      {known.length + extra.length > 0 || isEnd ? (
        <Text size="sm" fw={500}>
          {t(isEnd ? 'step.endData' : 'step.data')}
        </Text>
      ) : null}
      {known.map((key) => (
        <FillFields
          key={key}
          label={key}
          type={shown?.data[key] ?? ''}
          path={`${path}.data.${key}`}
          fill={step.data[key]}
          onChange={(fill) => setFill(key, fill)}
          onRemove={step.data[key] ? () => setData(without(step.data, key)) : undefined}
        />
      ))}
      {extra.map((key, at) => (
        <Group key={`extra-${known.length + at}`} gap="xs" align="flex-start">
          <TextInput
            label={t('step.key')}
            defaultValue={key}
            onBlur={(event) => {
              const name = event.currentTarget.value.trim();
              if (name !== '' && name !== key) setData(renamed(step.data, key, freeName(Object.keys(step.data), name)));
            }}
            readOnly={isReadOnly}
            styles={MONO}
            w={{ base: '100%', xs: 180 }}
          />
          <div style={{ flex: '1 1 260px' }}>
            <FillFields
              label={t('step.valueOf', { key })}
              type=""
              path={`${path}.data.${key}`}
              fill={step.data[key]}
              onChange={(fill) => setFill(key, fill)}
              onRemove={() => setData(without(step.data, key))}
            />
          </div>
        </Group>
      ))}
      {isEnd && !isReadOnly ? (
        <Button
          variant="subtle"
          size="xs"
          leftSection={<Plus size={14} aria-hidden />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() => setFill(freeName(Object.keys(step.data), 'value'), NO_FILL)}
        >
          {t('step.addValue')}
        </Button>
      ) : null}
    </Stack>
  );
}

interface FillProps {
  label: string;
  type: string;
  path: string;
  fill: Fill | undefined;
  onChange: (fill: Fill) => void;
  onRemove?: () => void;
}

function FillFields({ label, type, path, fill = NO_FILL, onChange, onRemove }: FillProps) {
  const { t } = useTranslation('forms');
  const { errors, isReadOnly } = useForm();
  const [isList, setList] = useState(fill.each !== '');
  const wrong = errors[path] ?? errors[`${path}.value`] ?? errors[`${path}.each`];
  return (
    <Stack gap={6}>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          label={label}
          description={type ? t(`dataTypes.${type}`, { defaultValue: type }) : undefined}
          value={isList ? fill.each : textOfValue(fill.value)}
          onChange={(event) => {
            const text = event.currentTarget.value;
            onChange(isList ? { ...fill, each: text } : { ...NO_FILL, value: valueOfText(text) });
          }}
          error={wrong}
          readOnly={isReadOnly}
          spellCheck={false}
          autoComplete="off"
          styles={MONO}
          style={{ flex: 1, maxWidth: 560 }}
        />
        {onRemove && !isReadOnly ? (
          <ActionIcon size={36} onClick={onRemove} aria-label={t('common:rows.remove', { name: label })}>
            <Trash2 size={15} aria-hidden />
          </ActionIcon>
        ) : null}
      </Group>
      {type === 'array' || type === '' || isList ? (
        <Checkbox
          size="xs"
          label={t('step.each', { label })}
          checked={isList}
          disabled={isReadOnly}
          onChange={(event) => {
            setList(event.currentTarget.checked);
            onChange(event.currentTarget.checked ? { ...NO_FILL, each: textOfValue(fill.value) } : NO_FILL);
          }}
        />
      ) : null}
      {isList ? <ItemFields path={path} fill={fill} onChange={onChange} /> : null}
    </Stack>
  );
}

/** What is kept of each entry of a list. */
function ItemFields({ path, fill, onChange }: Pick<FillProps, 'path' | 'onChange'> & { fill: Fill }) {
  const { t } = useTranslation('forms');
  const { errors, isReadOnly } = useForm();
  const entries = Object.entries(fill.item);
  return (
    <Stack gap="xs" pl="md">
      {entries.map(([name, text]) => (
        <Group key={name} gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            label={t('step.itemOf', { name })}
            value={text}
            onChange={(event) => onChange({ ...fill, item: { ...fill.item, [name]: event.currentTarget.value } })}
            error={errors[`${path}.item.${name}`]}
            readOnly={isReadOnly}
            spellCheck={false}
            styles={MONO}
            style={{ flex: 1, maxWidth: 420 }}
          />
          {isReadOnly ? null : (
            <ActionIcon
              size={36}
              onClick={() => onChange({ ...fill, item: without(fill.item, name) })}
              aria-label={t('common:rows.remove', { name })}
            >
              <Trash2 size={15} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {isReadOnly ? null : (
        <Group gap="xs">
          {['id', 'title', 'description']
            .filter((name) => !(name in fill.item))
            .map((name) => (
              <Button
                key={name}
                variant="subtle"
                size="compact-xs"
                leftSection={<Plus size={12} aria-hidden />}
                onClick={() => onChange({ ...fill, item: { ...fill.item, [name]: `{{item.${name}}}` } })}
              >
                {name}
              </Button>
            ))}
        </Group>
      )}
    </Stack>
  );
}
