// The fields of the panels: texts with references and a count of characters, keys, numbers, and lengths of time.
import { Group, NativeSelect, NumberInput, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { TemplateField, type ReferenceOption } from '../../../components/TemplateField';
import { freeKey } from '../blocks';
import { useBuilder } from '../BuilderContext';
import { fillOf, lengthOf } from '../limits';
import { inUnit, secondsOf, UNITS, type Unit } from '../time';
import classes from './panel.module.css';

interface TextProps {
  /** Where it is in the block, as problems name it. */
  path: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  description?: ReactNode;
  placeholder?: string;
  /** How many characters WhatsApp shows. */
  limit?: number;
  isMultiline?: boolean;
  isLabelHidden?: boolean;
  required?: boolean;
  references?: ReferenceOption[];
}

/** A text that may speak of answers, outputs and the like. */
export function TemplateInput({ path, limit, references, isMultiline = false, ...props }: TextProps) {
  const builder = useBuilder();
  return (
    <div data-path={path} className={classes.prose}>
      <TemplateField
        {...props}
        isMultiline={isMultiline}
        references={references ?? builder.references}
        error={builder.errors[path]}
        readOnly={builder.isReadOnly}
      />
      {limit === undefined ? null : <Counter value={props.value} limit={limit} />}
    </div>
  );
}

/** How much of the room is used; said aloud only once it is nearly gone. */
export function Counter({ value, limit }: { value: string; limit: number }) {
  const { t } = useTranslation('flows');
  const length = lengthOf(value);
  const fill = fillOf(length, limit);
  if (fill === 'fine' && limit > 200 && length.count < limit / 2) return null;
  return (
    <Text
      size="xs"
      ta="right"
      mt={3}
      className="tabular"
      c={fill === 'over' ? 'red' : fill === 'near' ? 'var(--mantine-color-yellow-text)' : 'dimmed'}
      aria-live={fill === 'fine' ? 'off' : 'polite'}
    >
      {fill === 'over' ? `${t('fields.tooLong')} ` : ''}
      {length.count}
      {length.isOpen ? '+' : ''}/{limit}
    </Text>
  );
}

interface PlainProps {
  path: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  description?: ReactNode;
  placeholder?: string;
  limit?: number;
  isMono?: boolean;
}

/** A text that means itself. */
export function PlainInput({
  path,
  label,
  value,
  onChange,
  description,
  placeholder,
  limit,
  isMono = false,
}: PlainProps) {
  const { errors, isReadOnly } = useBuilder();
  return (
    <div data-path={path}>
      <TextInput
        label={label}
        description={description}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={errors[path]}
        readOnly={isReadOnly}
        styles={isMono ? { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } } : undefined}
        spellCheck={!isMono}
      />
      {limit === undefined ? null : <Counter value={value} limit={limit} />}
    </div>
  );
}

const NOT_KEY = /[^a-z0-9_]+/g;

/** What somebody typed, as an identifier may be. */
export function asKey(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(NOT_KEY, '_')
    .replace(/^[0-9_]+/, '')
    .slice(0, 64);
}

/** A row's key once its words have changed: it follows them until somebody gives it one of its own. */
export function followingKey(key: string, words: string, next: string, others: string[], fallback: string): string {
  const keyOf = (text: string) => freeKey(asKey(text) || fallback, others);
  return key === '' || key === keyOf(words) ? keyOf(next) : key;
}

/** The identifier by which later blocks read something. */
export function KeyInput({ onChange, ...props }: Omit<PlainProps, 'isMono' | 'limit'>) {
  return <PlainInput {...props} isMono onChange={(text) => onChange(asKey(text))} />;
}

interface NumberProps {
  path: string;
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  description?: ReactNode;
  min?: number;
  max?: number;
  placeholder?: string;
  suffix?: string;
}

export function NumberField({
  path,
  label,
  value,
  onChange,
  description,
  min = 0,
  max,
  placeholder,
  suffix,
}: NumberProps) {
  const { errors, isReadOnly } = useBuilder();
  return (
    <div data-path={path}>
      <NumberInput
        label={label}
        description={description}
        placeholder={placeholder}
        value={value ?? ''}
        onChange={(typed) => onChange(typed === '' ? null : Number(typed))}
        min={min}
        max={max}
        allowDecimal={false}
        suffix={suffix}
        error={errors[path]}
        readOnly={isReadOnly}
      />
    </div>
  );
}

interface DurationProps {
  path: string;
  label: string;
  seconds: number | null;
  onChange: (seconds: number | null) => void;
  description?: ReactNode;
  /** Whether there may be none. */
  isOptional?: boolean;
  placeholder?: string;
}

export function DurationField({
  path,
  label,
  seconds,
  onChange,
  description,
  isOptional = false,
  placeholder,
}: DurationProps) {
  const { t } = useTranslation('flows');
  const { errors, isReadOnly } = useBuilder();
  const { amount, unit } = inUnit(seconds ?? 0);
  const shownUnit: Unit = seconds ? unit : 'minutes';
  return (
    <div data-path={path}>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <NumberInput
          className={classes.grow}
          label={label}
          description={description}
          placeholder={placeholder}
          value={seconds === null ? '' : amount}
          onChange={(typed) => onChange(typed === '' ? (isOptional ? null : 0) : secondsOf(Number(typed), shownUnit))}
          min={isOptional ? 1 : 0}
          allowDecimal={false}
          error={errors[path]}
          readOnly={isReadOnly}
        />
        <NativeSelect
          aria-label={t('fields.unitOf', { label })}
          data={UNITS.map(([name]) => ({ value: name, label: t(`units.${name}`) }))}
          value={shownUnit}
          onChange={(event) => onChange(secondsOf(seconds === null ? 1 : amount, event.currentTarget.value as Unit))}
          disabled={isReadOnly}
        />
      </Group>
    </div>
  );
}
