// Offers the types of blocks where somebody asked for one.
import { Menu, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { BlockIcon } from './BlockIcon';
import { PALETTE } from './blocks';
import type { BlockType, Position } from './definition';
import classes from './flows.module.css';

interface Props {
  at: Position | null;
  onPick: (type: BlockType) => void;
  onClose: () => void;
}

export function AddMenu({ at, onPick, onClose }: Props) {
  const { t } = useTranslation('flows');
  return (
    <Menu
      opened={at !== null}
      onChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      position="right-start"
      width="min(560px, calc(100vw - 24px))"
      shadow="md"
      returnFocus
    >
      <Menu.Target>
        <button
          type="button"
          className={classes.anchor}
          style={{ left: at?.x ?? 0, top: at?.y ?? 0 }}
          tabIndex={-1}
          aria-label={t('add.title')}
        />
      </Menu.Target>
      <Menu.Dropdown className={classes.addMenu}>
        {PALETTE.map(({ group, types }) => (
          <div key={group} role="group" aria-label={t(`groups.${group}`)} className={classes.addGroup}>
            <Menu.Label aria-hidden>{t(`groups.${group}`)}</Menu.Label>
            {types.map((type) => (
              <Menu.Item key={type} leftSection={<BlockIcon type={type} size={26} />} onClick={() => onPick(type)}>
                <Text size="sm" fw={550} lh={1.25}>
                  {t(`types.${type}`)}
                </Text>
                <Text size="xs" lh={1.3} className={classes.about}>
                  {t(`about.${type}`)}
                </Text>
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
