// How a batch, or the message to one of its people, stands: a word with a colour and a sign.
import {
  Ban,
  Check,
  CheckCheck,
  CircleCheck,
  CircleDashed,
  CircleStop,
  CircleX,
  Hourglass,
  LoaderCircle,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { StateBadge } from '../../components/badges';
import type { Batch, PersonStatus } from './queries';

const BATCHES = {
  running: { color: 'blue', icon: LoaderCircle },
  stopped: { color: 'gray', icon: CircleStop },
  done: { color: 'jade', icon: CircleCheck },
} as const;

export const PEOPLE = {
  waiting: { color: 'gray', icon: CircleDashed },
  queued: { color: 'gray', icon: Hourglass },
  sent: { color: 'blue', icon: Check },
  delivered: { color: 'blue', icon: CheckCheck },
  read: { color: 'jade', icon: CheckCheck },
  failed: { color: 'red', icon: CircleX },
  skipped: { color: 'yellow', icon: Ban },
} as const;

export function BatchBadge({ status }: { status: Batch['status'] }) {
  const { t } = useTranslation('batches');
  return <StateBadge look={BATCHES[status]} label={t(`states.${status}`)} />;
}

export function PersonBadge({ status }: { status: PersonStatus }) {
  const { t } = useTranslation('batches');
  return <StateBadge look={PEOPLE[status]} label={t(`people.states.${status}`)} />;
}
