// A value that is saved: since when, and nothing of it. It can only be replaced, or cleared where it is optional.
import { Button, Group, Text } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { AuthField } from '../../api/schema';
import { dayOf } from './days';

interface Props {
  field: AuthField;
  since: string | null;
  isCleared: boolean;
  onReplace: () => void;
  onClear: () => void;
}

export function SetValue({ field, since, isCleared, onReplace, onClear }: Props) {
  const { t, i18n } = useTranslation('credentials');
  const name = field.name ?? field.identifier;
  const day = since ? dayOf(since, i18n.resolvedLanguage ?? 'en') : '';
  return (
    <div role="group" aria-label={name}>
      <Text size="sm" fw={500}>
        {name}
      </Text>
      <Group gap="sm" mih={36}>
        <Group gap={6} wrap="nowrap">
          <CircleCheck size={16} aria-hidden />
          <Text size="sm" c="dimmed" td={isCleared ? 'line-through' : undefined}>
            {t('value.setOn', { day })}
          </Text>
        </Group>
        {isCleared ? (
          <Text size="sm">{t('value.willClear')}</Text>
        ) : (
          <Button variant="default" size="xs" onClick={onReplace} aria-label={t('value.replaceNamed', { name })}>
            {t('value.replace')}
          </Button>
        )}
        {field.required ? null : (
          <Button
            variant="subtle"
            color="gray"
            size="xs"
            onClick={onClear}
            aria-label={t(isCleared ? 'value.keepNamed' : 'value.clearNamed', { name })}
          >
            {t(isCleared ? 'value.keep' : 'value.clear')}
          </Button>
        )}
      </Group>
    </div>
  );
}
