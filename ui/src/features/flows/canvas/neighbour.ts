// The block that lies next in a direction, for walking over the canvas with the arrow keys.
import type { Definition } from '../definition';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The nearest block that way; straight on counts more than aside. */
export function neighbour(definition: Pick<Definition, 'blocks'>, id: string, direction: Direction): string | null {
  const here = definition.blocks.find((block) => block.id === id)?.position;
  if (!here) return null;
  const isAcross = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  let best: string | null = null;
  let bestCost = Infinity;
  for (const { id: other, position } of definition.blocks) {
    if (other === id) continue;
    const on = sign * (isAcross ? position.x - here.x : position.y - here.y);
    const aside = Math.abs(isAcross ? position.y - here.y : position.x - here.x);
    const cost = on + 2 * aside;
    if (on > 10 && aside <= 2 * on && cost < bestCost) [best, bestCost] = [other, cost];
  }
  return best;
}
