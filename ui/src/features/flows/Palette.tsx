// The types of blocks: dragged onto the canvas, or pressed to come behind the chosen block.
import { ScrollArea, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { BlockIcon } from './BlockIcon';
import { PALETTE } from './blocks';
import { DRAGGED } from './canvas/Canvas';
import type { BlockType } from './definition';
import classes from './flows.module.css';

export function Palette({ onAdd }: { onAdd: (type: BlockType) => void }) {
  const { t } = useTranslation('flows');
  return (
    <nav className={classes.palette} aria-label={t('palette.title')}>
      <ScrollArea h="100%" type="auto" offsetScrollbars={false} viewportProps={{ tabIndex: -1 }}>
        <div className={classes.paletteInside}>
          {PALETTE.map(({ group, types }) => (
            <div key={group} role="group" aria-label={t(`groups.${group}`)} className={classes.paletteGroup}>
              <Text size="xs" fw={600} c="dimmed" className={classes.paletteLabel} aria-hidden>
                {t(`groups.${group}`)}
              </Text>
              {types.map((type) => (
                <Tooltip key={type} label={t(`about.${type}`)} position="right" multiline w={220}>
                  <UnstyledButton
                    className={classes.tool}
                    draggable
                    onDragStart={(event) => {
                      event.dataTransfer.setData(DRAGGED, type);
                      event.dataTransfer.effectAllowed = 'copy';
                    }}
                    onClick={() => onAdd(type)}
                    aria-label={t('palette.add', { type: t(`types.${type}`) })}
                  >
                    <BlockIcon type={type} size={28} />
                    <span className={classes.toolName}>{t(`types.${type}`)}</span>
                  </UnstyledButton>
                </Tooltip>
              ))}
            </div>
          ))}
        </div>
      </ScrollArea>
    </nav>
  );
}
