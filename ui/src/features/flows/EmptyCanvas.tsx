// A flow without blocks: how to begin.
import { Button, Text, Title } from '@mantine/core';
import { MessageSquareText } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { BlockType } from './definition';
import classes from './flows.module.css';

export function EmptyCanvas({ isReadOnly, onAdd }: { isReadOnly: boolean; onAdd: (type: BlockType) => void }) {
  const { t } = useTranslation('flows');
  return (
    <div className={classes.emptyCanvas}>
      <Title order={2} size="h3">
        {t('canvas.emptyTitle')}
      </Title>
      <Text size="sm" c="dimmed">
        {t(isReadOnly ? 'canvas.emptyReadOnly' : 'canvas.emptyText')}
      </Text>
      {isReadOnly ? null : (
        <Button leftSection={<MessageSquareText size={16} aria-hidden />} onClick={() => onAdd('message')}>
          {t('canvas.addFirst')}
        </Button>
      )}
    </div>
  );
}
