// Puts blocks in order from left to right.
import { Graph, layout } from '@dagrejs/dagre';

import type { Definition, Position } from './definition';
import { inOrder, links } from './edges';

export interface Size {
  width: number;
  height: number;
}

const GAP = { between: 90, beside: 36 };
export const USUAL_SIZE: Size = { width: 264, height: 150 };
const GRID = 4;

/** A place for each block; `sizes` are those on the screen. */
export function tidy(definition: Definition, sizes: ReadonlyMap<string, Size>): Map<string, Position> {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', ranksep: GAP.between, nodesep: GAP.beside });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { block } of inOrder(definition)) {
    const { width, height } = sizes.get(block.id) ?? USUAL_SIZE;
    graph.setNode(block.id, { width, height });
  }
  for (const { from, to } of links(definition)) graph.setEdge(from, to);
  layout(graph);
  const places = new Map<string, Position>();
  for (const { id } of definition.blocks) {
    const { x, y } = graph.node(id) as { x: number; y: number };
    const { width, height } = sizes.get(id) ?? USUAL_SIZE;
    places.set(id, { x: onGrid(x - width / 2), y: onGrid(y - height / 2) });
  }
  return places;
}

function onGrid(value: number): number {
  return Math.round(value / GRID) * GRID;
}
