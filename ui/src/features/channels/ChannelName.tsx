// What a channel is called; its id, where it is gone.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { channelChoicesQuery } from './queries';

export function ChannelName({ id }: { id: string }) {
  const { t } = useTranslation('conversations');
  const mayRead = useMay('channels:read');
  const { data } = useQuery({ ...channelChoicesQuery, enabled: mayRead && id !== 'simulator', staleTime: 60_000 });
  if (id === 'simulator') return t('channels.simulator');
  return data?.find((channel) => channel.id === id)?.name ?? id;
}
