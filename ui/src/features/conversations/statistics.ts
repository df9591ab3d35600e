// Counts of blocks put beside the flow: in the order of its drawing, with the share of people who stop at each.
import type { BlockStatistics } from '../../api/schema';
import type { Block, Definition } from '../flows/definition';
import { inOrder } from '../flows/edges';

export interface BlockFigures {
  block: Block;
  entered: number;
  stopped: number;
  /** Of those who came by, how many of a hundred went no further. */
  share: number;
  left: [string, number][];
}

export function figuresOf(definition: Definition, statistics: readonly BlockStatistics[]): BlockFigures[] {
  const byId = new Map(statistics.map((each) => [each.block_id, each]));
  return inOrder(definition).map(({ block }) => {
    const { entered = 0, stopped = 0, left = {} } = byId.get(block.id) ?? {};
    return {
      block,
      entered,
      stopped,
      share: entered === 0 ? 0 : Math.min(100, Math.round((stopped / entered) * 100)),
      left: Object.entries(left).toSorted(([, a], [, b]) => b - a),
    };
  });
}

/** Where most people stop, or null where nobody does; an end is no place to stop at. */
export function worstOf(figures: readonly BlockFigures[]): BlockFigures | null {
  const stops = figures.filter(({ block, stopped }) => stopped > 0 && block.type !== 'end');
  return stops.toSorted((a, b) => b.stopped - a.stopped)[0] ?? null;
}
