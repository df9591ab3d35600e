// The way back from a page of a channel: to all channels, and to this one.
import { useTranslation } from 'react-i18next';

import type { Channel } from '../../api/schema';

export function useParents({ id, name }: Pick<Channel, 'id' | 'name'>): { label: string; to: string }[] {
  const { t } = useTranslation('channels');
  return [
    { label: t('list.title'), to: '/channels' },
    { label: name, to: `/channels/${id}` },
  ];
}
