// An input for what programs call a thing: one letter more than allowed can be typed, so that the rule is told.
import { TextInput, type TextInputProps } from '@mantine/core';

import { MAX_IDENTIFIER } from './identifier';

interface Props extends Pick<TextInputProps, 'label' | 'placeholder' | 'value' | 'error' | 'required'> {
  onChange: (identifier: string) => void;
}

export function IdentifierInput({ onChange, ...given }: Props) {
  return (
    <TextInput
      {...given}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={MAX_IDENTIFIER + 1}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  );
}
