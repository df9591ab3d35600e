// One test value, by the type of its input: text, digits, yes or no, a date and time.
import { ActionIcon, Group, Radio, TextInput, Tooltip } from '@mantine/core';
import { CalendarClock } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

import type { Input } from '../../api/schema';
import { withOffset } from './testValues';

interface Props {
  input: Input;
  value: string;
  onChange: (value: string) => void;
  error?: string;
}

export function ValueField(props: Props) {
  if (props.input.type === 'boolean') return <YesNo {...props} />;
  return props.input.type === 'datetime' ? <Moment {...props} /> : <Plain {...props} />;
}

const MODES = { integer: 'numeric', number: 'decimal', string: 'text', boolean: 'text', datetime: 'text' } as const;

function Plain({ input, value, onChange, error }: Props) {
  const { t } = useTranslation('actions');
  return (
    <TextInput
      label={input.name || input.key}
      description={input.type === 'string' ? undefined : t(`test.hints.${input.type}`)}
      required={input.required}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      inputMode={MODES[input.type]}
      autoComplete="off"
      spellCheck={false}
      data-value={input.key}
    />
  );
}

function YesNo({ input, value, onChange, error }: Props) {
  const { t } = useTranslation('actions');
  return (
    <Radio.Group
      label={input.name || input.key}
      required={input.required}
      value={value}
      onChange={onChange}
      error={error}
      data-value={input.key}
    >
      <Group gap="lg" mt={6}>
        <Radio value="true" label={t('common:yes')} />
        <Radio value="false" label={t('common:no')} />
        {input.required ? null : <Radio value="" label={t('test.notGiven')} />}
      </Group>
    </Radio.Group>
  );
}

/** Text in the forms people write, or the browser's own picker. */
function Moment({ input, value, onChange, error }: Props) {
  const { t } = useTranslation('actions');
  const picker = useRef<HTMLInputElement>(null);
  return (
    <TextInput
      label={input.name || input.key}
      description={t('test.hints.datetime')}
      required={input.required}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      autoComplete="off"
      spellCheck={false}
      data-value={input.key}
      rightSection={
        <>
          <Tooltip label={t('test.pick')}>
            <ActionIcon
              aria-label={t('test.pickOne', { name: input.name || input.key })}
              onClick={() => picker.current?.showPicker()}
            >
              <CalendarClock size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <input
            ref={picker}
            type="datetime-local"
            tabIndex={-1}
            aria-hidden
            onChange={(event) => {
              if (event.currentTarget.value) onChange(withOffset(event.currentTarget.value));
            }}
            style={{ position: 'absolute', inset: 0, opacity: 0, pointerEvents: 'none' }}
          />
        </>
      }
    />
  );
}
