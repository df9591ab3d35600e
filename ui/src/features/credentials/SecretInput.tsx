// The input of one value. What is typed stays in the input itself: the page's state only learns what is wrong with it.
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { ClipboardPaste } from 'lucide-react';
import { useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';

import type { AuthField } from '../../api/schema';
import { isWaiting, takeOver } from './handOver';
import { MASKABLE, troubleOf, type Trouble } from './values';

interface Props {
  field: AuthField;
  integrationId: string;
  inputs: RefObject<Map<string, HTMLInputElement>>;
  /** What was wrong when the form was sent. */
  trouble: Trouble | null;
  /** The server's sentence. */
  error?: string;
  isDisabled: boolean;
  isRequired: boolean;
  /** Leave the saved value as it is. */
  onKeep?: () => void;
}

export function SecretInput({ field, integrationId, inputs, trouble, error, isDisabled, isRequired, onKeep }: Props) {
  const { t } = useTranslation('credentials');
  const [typed, setTyped] = useState<{ trouble: Trouble | null; isShort: boolean } | null>(null);
  const [hasWaiting, setWaiting] = useState(() => isWaiting(integrationId, field.identifier));
  const judged = { type: field.type, required: isRequired };

  function judge(value: string) {
    setTyped({
      trouble: value === '' ? null : troubleOf(judged, value),
      isShort: field.type === 'password' && value !== '' && value.length < MASKABLE,
    });
  }

  function paste() {
    const input = inputs.current.get(field.id);
    const value = takeOver(integrationId, field.identifier);
    setWaiting(false);
    if (!input || value === null) return;
    input.value = value;
    judge(value);
    input.focus();
  }

  const wrong = typed ? typed.trouble : trouble;
  const shared = {
    ref: (input: HTMLInputElement | null) => {
      if (!input) return undefined;
      inputs.current.set(field.id, input);
      return () => {
        inputs.current.delete(field.id);
      };
    },
    label: field.name ?? field.identifier,
    description: typed?.isShort ? t('value.short') : undefined,
    error: wrong ? t(`value.${wrong}`) : typed ? undefined : error,
    required: isRequired,
    disabled: isDisabled,
    spellCheck: false,
    autoCapitalize: 'none',
    'data-1p-ignore': true,
    'data-lpignore': 'true',
    onChange: (event: { currentTarget: HTMLInputElement }) => judge(event.currentTarget.value),
  };
  return (
    <div>
      {field.type === 'password' ? (
        <PasswordInput
          {...shared}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('value.show', { name: shared.label }), tabIndex: 0 }}
        />
      ) : (
        <TextInput {...shared} autoComplete="off" />
      )}
      {hasWaiting && !isDisabled ? (
        <Button
          variant="subtle"
          size="compact-sm"
          mt={4}
          leftSection={<ClipboardPaste size={14} aria-hidden />}
          onClick={paste}
        >
          {t('value.fromCurl')}
        </Button>
      ) : null}
      {onKeep ? (
        <Button variant="subtle" color="gray" size="compact-sm" mt={4} onClick={onKeep}>
          {t('value.keepSaved')}
        </Button>
      ) : null}
    </div>
  );
}
