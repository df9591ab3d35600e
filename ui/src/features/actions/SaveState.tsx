// Whether what is on the page is saved; always to be seen, and said to people who cannot see it.
import { Button, Group, Loader, Text } from '@mantine/core';
import { Check, PencilLine, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

interface Props {
  isSaving: boolean;
  isDirty: boolean;
  hasFailed: boolean;
  /** Null where nothing was saved yet. */
  isSaved: boolean;
  onRetry: () => void;
}

export function SaveState({ isSaving, isDirty, hasFailed, isSaved, onRetry }: Props) {
  const { t } = useTranslation('actions');
  const state = isSaving ? 'saving' : hasFailed && isDirty ? 'failed' : isDirty ? 'dirty' : isSaved ? 'saved' : 'new';
  return (
    <Group gap={6} wrap="nowrap">
      <Group gap={6} wrap="nowrap" role="status">
        {state === 'saving' ? <Loader size={14} aria-hidden /> : null}
        {state === 'saved' ? <Check size={16} aria-hidden color="var(--mantine-color-jade-text)" /> : null}
        {state === 'dirty' ? <PencilLine size={15} aria-hidden /> : null}
        {state === 'failed' ? <TriangleAlert size={16} aria-hidden color="var(--mantine-color-error)" /> : null}
        {state === 'new' ? null : (
          <Text size="sm" c={state === 'failed' ? 'red' : 'dimmed'}>
            {t(`save.${state}`)}
          </Text>
        )}
      </Group>
      {state === 'failed' ? (
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          {t('common:retry')}
        </Button>
      ) : null}
    </Group>
  );
}
