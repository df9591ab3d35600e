// Whether what is on the screen is saved; always to be seen, and said to people who cannot see it.
import { Button, Group, Loader, Text } from '@mantine/core';
import { Check, PencilLine, TriangleAlert, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { SaveStatus } from './useFlowEditor';

interface Props {
  status: SaveStatus;
  onRetry: () => void;
  onDecide: () => void;
}

export function FlowSaveState({ status, onRetry, onDecide }: Props) {
  const { t } = useTranslation('flows');
  return (
    <Group gap={6} wrap="nowrap">
      <Group gap={6} wrap="nowrap" role="status">
        {status === 'saving' ? <Loader size={14} aria-hidden /> : null}
        {status === 'saved' ? <Check size={16} aria-hidden color="var(--mantine-color-jade-text)" /> : null}
        {status === 'dirty' ? <PencilLine size={15} aria-hidden /> : null}
        {status === 'failed' ? <TriangleAlert size={16} aria-hidden color="var(--mantine-color-error)" /> : null}
        {status === 'conflict' ? <Users size={16} aria-hidden color="var(--mantine-color-yellow-text)" /> : null}
        <Text size="sm" c={status === 'failed' ? 'red' : 'dimmed'} style={{ whiteSpace: 'nowrap' }}>
          {t(`save.${status}`)}
        </Text>
      </Group>
      {status === 'failed' ? (
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          {t('common:retry')}
        </Button>
      ) : null}
      {status === 'conflict' ? (
        <Button size="compact-sm" variant="default" onClick={onDecide}>
          {t('conflict.decide')}
        </Button>
      ) : null}
    </Group>
  );
}
