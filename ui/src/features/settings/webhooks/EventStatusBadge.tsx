// Whether an event has arrived, with a colour, an icon and a word; and what its receiver answered.
import { Text } from '@mantine/core';
import { CircleCheck, CircleX, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Answer } from '../../../api/schema';
import { StateBadge } from '../../../components/badges';
import { When } from '../../../components/When';
import type { EventStatus } from './queries';

const LOOKS = {
  delivered: { color: 'jade', icon: CircleCheck },
  waiting: { color: 'yellow', icon: Clock },
  failed: { color: 'red', icon: CircleX },
} as const;

export function EventStatusBadge({ status }: { status: EventStatus }) {
  const { t } = useTranslation('webhooks');
  return <StateBadge look={LOOKS[status]} label={t(`states.${status}`)} />;
}

export function LastAnswer({ answer }: { answer: Answer | null }) {
  const { t } = useTranslation('webhooks');
  if (!answer)
    return (
      <Text size="sm" c="dimmed">
        {t('notTried')}
      </Text>
    );
  const isHeard = answer.status !== null && answer.status >= 200 && answer.status < 300;
  return (
    <>
      <Text size="sm" className="tabular" c={isHeard ? undefined : 'var(--mantine-color-error)'}>
        {answer.status === null ? t('noAnswer') : t('answered', { status: answer.status })}
      </Text>
      <Text size="xs" c="dimmed">
        <When at={answer.at} />
      </Text>
    </>
  );
}
