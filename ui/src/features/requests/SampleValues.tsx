// Small fields for the values the preview is made with; none of them is saved.
import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { sentence, type FieldProblem } from '../../api/problem';
import type { Input } from '../../api/schema';
import type { Values } from './queries';
import classes from './requests.module.css';
import { fromMoment, sampleText, toMoment } from './samples';

interface Props {
  inputs: Input[];
  values: Values;
  onChange: (values: Values) => void;
  problems: FieldProblem[];
}

export function SampleValues({ inputs, values, onChange, problems }: Props) {
  const { t } = useTranslation('requests');
  return (
    <div role="group" aria-label={t('preview.samples')} className={classes.samples}>
      {inputs
        .filter((input) => input.key !== '')
        .map((input) => {
          const problem = problems.find(({ path }) => path === `values.${input.key}`);
          return (
            <Sample
              key={input.key}
              input={input}
              value={values[input.key]}
              error={problem && sentence(problem.code, problem.message, problem.params)}
              onChange={(value) => onChange({ ...values, [input.key]: value })}
            />
          );
        })}
    </div>
  );
}

interface SampleProps {
  input: Input;
  value: unknown;
  error?: string;
  onChange: (value: unknown) => void;
}

function Sample({ input, value, error, onChange }: SampleProps) {
  const { t } = useTranslation('requests');
  const label = (
    <Group component="span" gap={6} wrap="nowrap" display="inline-flex">
      <span>{input.name || input.key}</span>
      {input.required ? null : <span className={classes.optional}>{t('common:optional')}</span>}
    </Group>
  );
  if (input.type === 'boolean') {
    return (
      <NativeSelect
        size="xs"
        label={label}
        value={value === null ? '' : String(value)}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value === 'true')}
        data={[
          { value: 'true', label: t('common:yes') },
          { value: 'false', label: t('common:no') },
          { value: '', label: t('preview.missing') },
        ]}
      />
    );
  }
  if (input.type === 'datetime') {
    return (
      <TextInput
        size="xs"
        type="datetime-local"
        label={label}
        value={fromMoment(value)}
        error={error}
        onChange={(event) => onChange(toMoment(event.currentTarget.value))}
      />
    );
  }
  const isNumber = input.type === 'integer' || input.type === 'number';
  return (
    <TextInput
      size="xs"
      label={label}
      value={sampleText(value)}
      error={error}
      inputMode={isNumber ? 'decimal' : undefined}
      placeholder={value === null ? t('preview.missing') : t('preview.emptyText')}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => {
        const text = event.currentTarget.value;
        onChange(isNumber && text === '' ? null : text);
      }}
      rightSection={
        !isNumber && !input.required ? (
          <LeaveOut isOut={value === null} onChange={() => onChange(value === null ? '' : null)} />
        ) : null
      }
    />
  );
}

/** Text can be empty or missing, which is not the same. */
function LeaveOut({ isOut, onChange }: { isOut: boolean; onChange: () => void }) {
  const { t } = useTranslation('requests');
  return (
    <button
      type="button"
      className={classes.leaveOut}
      aria-pressed={isOut}
      title={t('preview.leaveOut')}
      aria-label={t('preview.leaveOut')}
      onClick={onChange}
    >
      ∅
    </button>
  );
}
