// Offers the types of blocks where somebody asked for one.
import { Menu, Text } from '@mantine/core';
import { Fragment } from 'react';
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
      width={300}
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
          <Fragment key={group}>
            <Menu.Label>{t(`groups.${group}`)}</Menu.Label>
            {types.map((type) => (
              <Menu.Item key={type} leftSection={<BlockIcon type={type} size={26} />} onClick={() => onPick(type)}>
                <Text size="sm" fw={550} lh={1.25}>
                  {t(`types.${type}`)}
                </Text>
                <Text size="xs" c="dimmed" lh={1.3}>
                  {t(`about.${type}`)}
                </Text>
              </Menu.Item>
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
