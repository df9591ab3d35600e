// A call between two messages: which block made it, how it ended, and a way to see all of it.
import { CircleCheck, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import classes from './chat.module.css';
import type { Call } from './transcript';

interface Props {
  call: Call;
  name: string;
  onOpen?: (visit: number) => void;
}

export function CallPill({ call, name, onOpen }: Props) {
  const { t } = useTranslation('simulator');
  const { outcome, status } = call;
  const isOk = outcome === 'ok';
  const Icon = outcome === null ? LoaderCircle : isOk ? CircleCheck : TriangleAlert;
  const words = t(`common:outcomes.${outcome ?? 'running'}`, { defaultValue: outcome ?? '' });
  const isMadeUp = outcome !== null && call.executionId === null && !isOk;
  return (
    <button
      type="button"
      className={classes.pill}
      data-kind={outcome === null ? 'call' : isOk ? 'ok' : 'failed'}
      onClick={() => onOpen?.(call.visit)}
      title={t('calls.see')}
    >
      <Icon size={13} aria-hidden style={{ flex: 'none' }} />
      <span>
        {name}: {status && !isOk ? `${status}, ${words}` : words}
        {isMadeUp ? ` (${t('calls.notSent')})` : ''}
      </span>
    </button>
  );
}
