// Where a new block goes so that it covers no other.
import type { Block, Definition, Position } from './definition';

export const STEP_X = 354;
const WIDTH = 264;
const HEIGHT = 170;
const SHIFT = 40;

/** Beside a block, lower for each of its ways that comes before, on free ground. */
export function besideOf(definition: Definition, block: Block, wayPlace: number): Position {
  return freePlace(definition, { x: block.position.x + STEP_X, y: block.position.y + Math.max(0, wayPlace) * SHIFT });
}

/** The place itself, or the next one below it where nothing stands. */
export function freePlace(definition: Definition, wanted: Position): Position {
  const place = { ...wanted };
  const isTaken = () =>
    definition.blocks.some(
      ({ position }) => Math.abs(position.x - place.x) < WIDTH && Math.abs(position.y - place.y) < HEIGHT,
    );
  while (isTaken()) place.y += SHIFT;
  return place;
}

/** Where everything right of a place has moved on to make room for a block on a way. */
export function makeRoom(definition: Definition, from: Block, to: Block): Map<string, Position> {
  const gap = to.position.x - from.position.x;
  const moved = new Map<string, Position>();
  if (gap <= 0 || gap >= 2 * STEP_X - 60) return moved;
  for (const { id, position } of definition.blocks)
    if (id !== from.id && position.x >= to.position.x)
      moved.set(id, { x: position.x + 2 * STEP_X - gap, y: position.y });
  return moved;
}
