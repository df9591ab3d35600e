// A test that is under way: for how long already, and a way to stop waiting.
import { Button, Group, Loader, Paper, Text } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export function RunningTest({ startedAt, onStop }: { startedAt: number; onStop: () => void }) {
  const { t } = useTranslation('actions');
  const [now, setNow] = useState(Date.now);
  useInterval(() => setNow(Date.now()), 1000, { autoInvoke: true });
  const seconds = Math.max(0, Math.round((now - startedAt) / 1000));
  return (
    <Paper p="lg">
      <Group justify="space-between">
        <Group gap="sm">
          <Loader size="sm" aria-hidden />
          <Text size="sm" role="status">
            {t('test.running')}
          </Text>
          <Text size="sm" c="dimmed" className="tabular" aria-hidden>
            {t('test.seconds', { count: seconds })}
          </Text>
        </Group>
        <Button variant="default" size="xs" onClick={onStop}>
          {t('test.stop')}
        </Button>
      </Group>
    </Paper>
  );
}
