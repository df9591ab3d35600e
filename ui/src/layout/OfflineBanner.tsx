// Says when the browser has no connection, for as long as that lasts.
import { Alert } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { CloudOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';

export function OfflineBanner() {
  const { online } = useNetwork();
  const { t } = useTranslation();
  return (
    <div role="status">
      {online ? null : (
        <Alert color="yellow" icon={<CloudOff size={18} aria-hidden />} mb="md">
          {t('offlineNow')}
        </Alert>
      )}
    </div>
  );
}
