// Shows a secret, this once; a click beside it does not lose it.
import { Alert, Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

import { CodeBlock } from './CodeBlock';
import { Dialog } from './Dialog';

interface Props {
  title: string;
  warning: string;
  /** The secret. */
  text: string;
  /** What somebody says who has kept it. */
  closeLabel: string;
  onClose: () => void;
  children?: ReactNode;
}

export function ShownOnceDialog({ title, warning, text, closeLabel, onClose, children }: Props) {
  return (
    <Dialog onClose={onClose} title={title} size="lg" closeOnClickOutside={false}>
      <Stack>
        <Alert color="yellow">{warning}</Alert>
        <CodeBlock text={text} label={title} />
        {children}
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {closeLabel}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
