// The two texts that go into Meta's console, and where. A verify token is made here, shown once, and sealed.
import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Channel } from '../../api/schema';
import { ErrorPanel } from '../../components/ErrorPanel';
import { WithCode } from '../../components/WithCode';
import { SealingNotice } from '../credentials/SealingNotice';
import { newVerifyToken } from './channel';
import { CopyField } from './CopyField';
import { useSecrets } from './useSecrets';

const STEPS = ['open', 'paste', 'verify', 'fields'] as const;

interface Props {
  channel: Channel;
  isReadOnly: boolean;
}

export function CallbackPanel({ channel, isReadOnly }: Props) {
  const { t } = useTranslation('channels');
  const { sealing, enter, isBusy, error } = useSecrets(channel);
  const [token, setToken] = useState<string | null>(null);
  const isSet = channel.secrets.verify_token?.is_set ?? false;

  async function make() {
    const made = newVerifyToken();
    if (await enter({ verify_token: made })) setToken(made);
  }

  return (
    <Stack gap="md" align="stretch">
      <CopyField label={t('callback.url')} value={channel.callback_url} />
      {token ? (
        <CopyField label={t('callback.token')} description={t('callback.tokenOnce')} value={token} />
      ) : (
        <Text size="sm">{t(isSet ? 'callback.tokenSet' : 'callback.tokenMissing')}</Text>
      )}
      {isReadOnly ? null : (
        <>
          {sealing.isOpen ? null : <SealingNotice {...sealing} onAgree={sealing.agree} onAccept={sealing.accept} />}
          <Button
            variant={isSet ? 'default' : 'filled'}
            leftSection={<RefreshCw size={16} aria-hidden />}
            loading={isBusy}
            disabled={!sealing.isOpen}
            onClick={() => void make()}
            style={{ alignSelf: 'flex-start' }}
          >
            {t(isSet ? 'callback.another' : 'callback.make')}
          </Button>
          {error ? <ErrorPanel error={error} /> : null}
        </>
      )}
      <Alert role="note" color="gray" title={t('callback.inMeta')}>
        <List type="ordered" size="sm" spacing={6}>
          {STEPS.map((step) => (
            <List.Item key={step}>
              <WithCode text={t(`callback.steps.${step}`)} />
            </List.Item>
          ))}
        </List>
      </Alert>
    </Stack>
  );
}
