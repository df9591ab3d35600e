// The name of a row; for headers, known names are suggested.
import { Autocomplete, TextInput } from '@mantine/core';
import type { ClipboardEvent, KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { HEADER_NAMES } from './headerNames';
import type { RowKind } from './rows';

interface Props {
  kind: RowKind;
  value: string;
  label: string;
  placeholder: string;
  isReadOnly: boolean;
  error?: string;
  /** The error is only the preview's. */
  isSoft: boolean;
  warning: string | null;
  onChange: (value: string) => void;
  /** True takes the text. */
  onPaste: (text: string) => boolean;
  onEnter: () => void;
}

export function KeyInput({
  kind,
  value,
  label,
  placeholder,
  isReadOnly,
  error,
  isSoft,
  warning,
  onChange,
  onPaste,
  onEnter,
}: Props) {
  const { t } = useTranslation('requests');
  const said = error ?? warning;
  const isQuiet = isSoft || !error;
  const shared = {
    value,
    placeholder,
    readOnly: isReadOnly,
    error: said ?? undefined,
    errorProps: said && isQuiet ? { c: 'var(--mantine-color-yellow-text)', 'data-soft': true } : undefined,
    styles: {
      input: {
        fontFamily: 'var(--mantine-font-family-monospace)',
        fontSize: '0.8125rem',
        ...(said &&
          isQuiet && { borderColor: 'var(--mantine-color-default-border)', color: 'var(--mantine-color-text)' }),
      },
    },
    'aria-label': label,
    'aria-invalid': said && !isQuiet ? true : undefined,
    'data-row-key': true,
    spellCheck: false,
    autoCapitalize: 'off',
    autoComplete: 'off',
    onPaste: (event: ClipboardEvent) => {
      const text = event.clipboardData.getData('text/plain');
      if (/[\r\n]/.test(text.trim()) && onPaste(text)) event.preventDefault();
    },
  };
  if (kind !== 'headers' || isReadOnly) {
    return (
      <TextInput
        {...shared}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          onEnter();
        }}
      />
    );
  }
  return (
    <Autocomplete
      {...shared}
      onChange={onChange}
      data={HEADER_NAMES}
      limit={8}
      comboboxProps={{ shadow: 'md', width: 240, position: 'bottom-start' }}
      aria-label={label}
      openOnFocus={false}
      onKeyDown={(event: KeyboardEvent<HTMLInputElement>) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        if (event.currentTarget.getAttribute('aria-activedescendant')) return; // it picks a name from the list
        onEnter();
      }}
      title={value.length > 24 ? value : t('rows.name')}
    />
  );
}
