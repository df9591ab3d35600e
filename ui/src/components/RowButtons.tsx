// Moves a row up or down, or removes it.
import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import classes from './RowButtons.module.css';

interface Props {
  /** What the row is called. */
  name: string;
  index: number;
  count: number;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
  /** For a narrow panel. */
  isSmall?: boolean;
  mt?: number | Record<string, number>;
}

export function RowButtons({ name, index, count, onMove, onRemove, isSmall = false, mt }: Props) {
  const { t } = useTranslation();
  const buttons = [
    { place: 'up', label: t('rows.up', { name }), icon: ArrowUp, isOff: index === 0, onClick: () => onMove(-1) },
    {
      place: 'down',
      label: t('rows.down', { name }),
      icon: ArrowDown,
      isOff: index === count - 1,
      onClick: () => onMove(1),
    },
    { place: 'remove', label: t('rows.remove', { name }), icon: Trash2, isOff: false, onClick: onRemove },
  ];
  const shown = count > 1 ? buttons : buttons.slice(-1);
  return (
    <Group gap={isSmall ? 0 : 4} mt={mt} wrap="nowrap" justify="flex-end">
      {shown.map(({ place, label, icon: Icon, isOff, onClick }) => (
        <Tooltip key={place} label={label}>
          <ActionIcon
            size={isSmall ? 28 : 34}
            className={classes.button}
            data-place={place}
            color={place === 'remove' ? 'red' : 'gray'}
            disabled={isOff}
            onClick={onClick}
            aria-label={label}
          >
            <Icon size={isSmall ? 15 : 16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  );
}
