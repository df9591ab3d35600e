// Shows the secret that signs what a webhook is told, this once.
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { CodeBlock } from '../../../components/CodeBlock';
import { WithCode } from '../../../components/WithCode';

interface Props {
  secret: string;
  /** Whether the secret before it signs, too. */
  isSecond: boolean;
  onClose: () => void;
}

export function SecretDialog({ secret, isSecond, onClose }: Props) {
  const { t } = useTranslation('webhooks');
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('secret')}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Stack>
        <Alert color="yellow">{t('secretOnce')}</Alert>
        <CodeBlock text={secret} label={t('secret')} />
        <Text size="sm">
          <WithCode text={t(isSecond ? 'secretSecond' : 'secretHint')} />
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {t('secretKept')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
