// The state of a channel in a word, with an icon, so that colour is never alone.
import { CircleCheck, CircleDashed, CirclePause, CircleX, FileWarning, KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Channel } from '../../api/schema';
import { StateBadge } from '../../components/badges';
import { stateOf } from './channel';

const LOOKS = {
  damaged: { color: 'red', icon: FileWarning },
  parked: { color: 'red', icon: CirclePause },
  incomplete: { color: 'yellow', icon: KeyRound },
  failing: { color: 'red', icon: CircleX },
  unchecked: { color: 'gray', icon: CircleDashed },
  working: { color: 'jade', icon: CircleCheck },
};

export function ChannelBadge({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const state = stateOf(channel);
  return <StateBadge look={LOOKS[state]} label={t(`states.${state}`)} />;
}
