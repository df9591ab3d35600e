// Finds in a list by words: a box for them, and what is said when nothing has them.
import { Button, TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState } from 'react';

import { EmptyState } from './EmptyState';

const WAIT_MS = 250;

interface Finding {
  typed: string;
  type: (text: string) => void;
  clear: () => void;
}

/** What is typed; it is looked for once the typing rests. */
export function useFinding(words: string, onFind: (words: string) => void): Finding {
  const [typed, setTyped] = useState(words);
  const find = useDebouncedCallback(onFind, WAIT_MS);
  return {
    typed,
    type: (text) => {
      setTyped(text);
      find(text.trim());
    },
    clear: () => {
      setTyped('');
      onFind('');
    },
  };
}

interface BoxProps extends Pick<TextInputProps, 'w' | 'mb'> {
  label: string;
  hint?: string;
  finding: Pick<Finding, 'typed' | 'type'>;
}

export function SearchBox({ label, hint = label, finding, ...rest }: BoxProps) {
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={hint}
      leftSection={<Search size={16} aria-hidden />}
      value={finding.typed}
      onChange={(event) => finding.type(event.currentTarget.value)}
      {...rest}
    />
  );
}

interface NothingProps {
  title: string;
  clearLabel: string;
  onClear: () => void;
  order?: 2 | 3;
}

export function NothingFound({ title, clearLabel, onClear, order }: NothingProps) {
  return (
    <EmptyState icon={<Search size={32} strokeWidth={1.5} aria-hidden />} title={title} order={order}>
      <Button variant="default" mt="sm" onClick={onClear}>
        {clearLabel}
      </Button>
    </EmptyState>
  );
}
