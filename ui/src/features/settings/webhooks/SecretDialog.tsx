// Shows the secret that signs what a webhook is told, this once.
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { ShownOnceDialog } from '../../../components/ShownOnceDialog';
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
    <ShownOnceDialog
      title={t('secret')}
      warning={t('secretOnce')}
      text={secret}
      closeLabel={t('secretKept')}
      onClose={onClose}
    >
      <Text size="sm">
        <WithCode text={t(isSecond ? 'secretSecond' : 'secretHint')} />
      </Text>
    </ShownOnceDialog>
  );
}
