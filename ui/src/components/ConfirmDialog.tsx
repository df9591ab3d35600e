// Asks before something is destroyed, naming what goes with it.
import { Button, Group, List, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Dialog } from './Dialog';
import { ErrorPanel } from './ErrorPanel';
import { useSaving } from './useSaving';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  /** What is lost or stops working, by name. */
  losses?: string[];
  confirmLabel: string;
  onConfirm: () => Promise<unknown>;
}

const NOTHING: string[] = [];

export function ConfirmDialog({ isOpen, onClose, title, text, losses = NOTHING, confirmLabel, onConfirm }: Props) {
  const { t } = useTranslation();
  const { save, isBusy, problem } = useSaving([], async () => {
    await onConfirm();
    onClose();
  });

  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title}>
      <Stack gap="md">
        <Text size="sm" component="div">
          {text}
        </Text>
        {losses.length > 0 ? (
          <List size="sm">
            {losses.map((loss) => (
              <List.Item key={loss} className="breaks">
                {loss}
              </List.Item>
            ))}
          </List>
        ) : null}
        {problem ? <ErrorPanel error={problem} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('cancel')}
          </Button>
          <Button color="red.8" loading={isBusy} onClick={save}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
