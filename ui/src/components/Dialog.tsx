// A window above the page, whose close button has a name; and a form in one, with its two buttons.
import { Button, Group, Modal, Stack, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Form } from './Form';

interface Props extends Omit<ModalProps, 'opened' | 'closeButtonProps'> {
  isOpen?: boolean;
}

export function Dialog({ isOpen = true, ...rest }: Props) {
  const { t } = useTranslation();
  return <Modal opened={isOpen} closeButtonProps={{ 'aria-label': t('close') }} {...rest} />;
}

interface FormProps {
  onSubmit: () => unknown;
  onCancel: () => void;
  submitLabel: string;
  isBusy?: boolean;
  /** Whether all that is needed is filled in. */
  isReady?: boolean;
  children: ReactNode;
}

export function DialogForm({ onSubmit, onCancel, submitLabel, isBusy = false, isReady = true, children }: FormProps) {
  const { t } = useTranslation();
  return (
    <Form onSubmit={() => (isBusy || !isReady ? undefined : onSubmit())}>
      <Stack gap="md">
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={!isReady}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </Form>
  );
}
