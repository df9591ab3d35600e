// How far a batch has come: one bar of all its people, and a number for each state.
import { Group, Progress, Stack, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import classes from './batches.module.css';
import { PEOPLE } from './BatchBadge';
import type { Batch, PersonStatus } from './queries';

/** From the furthest on: a bar fills from the left. */
const ORDER = ['read', 'delivered', 'sent', 'queued', 'failed', 'skipped', 'waiting'] as const;
const SHADES: Record<PersonStatus, string> = {
  read: 'var(--mantine-color-jade-8)',
  delivered: 'var(--mantine-color-jade-6)',
  sent: 'var(--mantine-color-jade-4)',
  queued: 'var(--mantine-color-jade-2)',
  failed: 'var(--mantine-color-red-7)',
  skipped: 'var(--mantine-color-yellow-6)',
  waiting: 'transparent',
};

/** How many have been dealt with. */
export function doneOf(batch: Batch): number {
  return batch.total - batch.waiting - batch.queued;
}

export function BatchBar({ batch, size = 'md' }: { batch: Batch; size?: 'md' | 'xl' }) {
  const { t } = useTranslation('batches');
  const done = doneOf(batch);
  return (
    <Progress.Root
      size={size}
      role="progressbar"
      aria-label={t('progress.label')}
      aria-valuemin={0}
      aria-valuemax={batch.total}
      aria-valuenow={done}
      aria-valuetext={t('progress.of', { done, total: batch.total })}
    >
      {ORDER.map((status) => (
        <Progress.Section
          key={status}
          value={(batch[status] / batch.total) * 100}
          color={SHADES[status]}
          withAria={false}
        />
      ))}
    </Progress.Root>
  );
}

interface CountsProps {
  batch: Batch;
  shown: PersonStatus | null;
  onShow: (status: PersonStatus | null) => void;
}

/** Each number shows those it counts. */
export function BatchCounts({ batch, shown, onShow }: CountsProps) {
  const { t, i18n } = useTranslation('batches');
  const figures = new Intl.NumberFormat(i18n.resolvedLanguage);
  return (
    <div className={classes.counts} role="group" aria-label={t('progress.counts')}>
      {(['waiting', 'queued', 'sent', 'delivered', 'read', 'failed', 'skipped'] as const).map((status) => {
        const Icon = PEOPLE[status].icon;
        return (
          <UnstyledButton
            key={status}
            className={classes.count}
            aria-pressed={shown === status}
            onClick={() => onShow(shown === status ? null : status)}
          >
            <Stack gap={2}>
              <Group gap={6} wrap="nowrap">
                <span className={classes.swatch} style={{ background: SHADES[status] }} aria-hidden />
                <Text size="xs" c="dimmed">
                  {t(`people.states.${status}`)}
                </Text>
                <Icon size={13} aria-hidden />
              </Group>
              <Text fw={650} size="xl" className="tabular" lh={1.2}>
                {figures.format(batch[status])}
              </Text>
            </Stack>
          </UnstyledButton>
        );
      })}
    </div>
  );
}
