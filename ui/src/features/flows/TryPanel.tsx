// The chat in which the draft is tried, beside its drawing.
import { ActionIcon, Title } from '@mantine/core';
import { X } from 'lucide-react';
import { lazy, Suspense, useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { PathStep } from '../../api/schema';
import { Loading } from '../../components/Loading';
import { visitsOf } from '../simulator/path';
import type { Visit } from './canvas/elements';
import classes from './panel/panel.module.css';

const Simulator = lazy(async () => ({ default: (await import('../simulator/Simulator')).Simulator }));

interface Props {
  flowId: string;
  onBlock: (id: string | null) => void;
  onVisited: (path: readonly Visit[]) => void;
  onClose: () => void;
}

export function TryPanel({ flowId, onBlock, onVisited, onClose }: Props) {
  const { t } = useTranslation('flows');
  const tell = useCallback((path: PathStep[]) => onVisited(visitsOf(path)), [onVisited]);
  return (
    <div className={classes.panel}>
      <header className={classes.head}>
        <Title order={2} className={classes.title}>
          {t('tools.tryIt')}
        </Title>
        <ActionIcon size={32} onClick={onClose} aria-label={t('panel.closeTry')}>
          <X size={18} aria-hidden />
        </ActionIcon>
      </header>
      <div className={classes.chat}>
        <Suspense fallback={<Loading rows={4} />}>
          <Simulator flowId={flowId} version="draft" onBlock={onBlock} onVisited={tell} />
        </Suspense>
      </div>
    </div>
  );
}
