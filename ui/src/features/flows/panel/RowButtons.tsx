// Up, down and away: what can be done with one entry of a short list.
import { ActionIcon, Group } from '@mantine/core';
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

interface Props {
  /** Which entry, for people who cannot see it. */
  name: string;
  place: number;
  count: number;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

export function RowButtons({ name, place, count, onMove, onRemove }: Props) {
  const { t } = useTranslation('flows');
  return (
    <Group gap={0} wrap="nowrap">
      <ActionIcon size={28} disabled={place === 0} onClick={() => onMove(-1)} aria-label={t('rows.up', { name })}>
        <ArrowUp size={15} aria-hidden />
      </ActionIcon>
      <ActionIcon
        size={28}
        disabled={place === count - 1}
        onClick={() => onMove(1)}
        aria-label={t('rows.down', { name })}
      >
        <ArrowDown size={15} aria-hidden />
      </ActionIcon>
      <ActionIcon size={28} onClick={onRemove} aria-label={t('rows.remove', { name })}>
        <Trash2 size={15} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
