// Says that nothing is sent, since when, and what to do about it.
import { Alert, Text } from '@mantine/core';
import { CirclePause } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Channel } from '../../api/schema';
import { When } from '../../components/When';

export function ParkedBanner({ channel }: { channel: Channel }) {
  const { t, i18n } = useTranslation('channels');
  const { parked, counts } = channel;
  if (!parked) return null;
  const told =
    i18n.resolvedLanguage === 'en' ? parked.message : t(`codes.${parked.code}`, { defaultValue: parked.message });
  return (
    <Alert color="red" icon={<CirclePause size={20} aria-hidden />} title={t('parked.title')} role="alert">
      <Text size="sm" className="breaks">
        {told} (<When at={parked.at} />)
      </Text>
      <Text size="sm" mt={4}>
        {t('parked.text', { count: counts.waiting_messages })}
      </Text>
    </Alert>
  );
}
