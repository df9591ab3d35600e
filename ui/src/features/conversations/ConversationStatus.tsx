// How a conversation stands, in a word with a colour and a sign.
import type { BadgeProps } from '@mantine/core';
import { Ban, CircleCheck, CircleX, Clock, Hourglass, LoaderCircle, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { StateBadge } from '../../components/badges';

const LOOKS = {
  running: { color: 'blue', icon: LoaderCircle },
  waiting: { color: 'gray', icon: Hourglass },
  with_agent: { color: 'violet', icon: UserRound },
  finished: { color: 'jade', icon: CircleCheck },
  cancelled: { color: 'gray', icon: Ban },
  expired: { color: 'yellow', icon: Clock },
  failed: { color: 'red', icon: CircleX },
} as const;

export type ConversationState = keyof typeof LOOKS;
export const CONVERSATION_STATES = Object.keys(LOOKS) as ConversationState[];

export function ConversationStatus({ status, ...rest }: { status: string } & BadgeProps) {
  const { t } = useTranslation('conversations');
  const look = LOOKS[status as ConversationState] ?? LOOKS.waiting;
  return <StateBadge look={look} label={t(`states.${status}`, { defaultValue: status })} {...rest} />;
}
