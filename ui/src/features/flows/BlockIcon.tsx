// The sign of a block's type.
import { ThemeIcon } from '@mantine/core';

import { BLOCK_ICONS, colourOf } from './blockIcons';
import type { BlockType } from './definition';

export function BlockIcon({ type, size = 28 }: { type: BlockType; size?: number }) {
  const Icon = BLOCK_ICONS[type];
  return (
    <ThemeIcon variant="light" color={colourOf(type)} size={size} radius="md" aria-hidden>
      <Icon size={Math.round(size * 0.57)} />
    </ThemeIcon>
  );
}
