// A flow as the canvas takes it: nodes and edges, kept the same where nothing changed.
import type { Edge, Node } from '@xyflow/react';

import type { Block, Definition } from '../definition';
import { inOrder, links } from '../edges';
import classes from './canvas.module.css';

export type BlockNodeType = Node<{ block: Block; isStart: boolean }, 'block'>;
export type WayEdgeType = Edge<{ from: string; edge: string; isTrouble: boolean }, 'way'>;

const TROUBLE = /^(?:next|success|else|closed|button:.*|row:.*|branch:.*)$/;

/** Nodes in the order of a conversation, so that the Tab key follows it; `nodes` are those shown so far. */
export function nodesOf(
  definition: Definition,
  nodes: readonly BlockNodeType[],
  label: (block: Block) => string,
): BlockNodeType[] {
  const shown = new Map(nodes.map((node) => [node.id, node]));
  return inOrder(definition).map(({ block }): BlockNodeType => {
    const isStart = definition.start === block.id;
    const now = shown.get(block.id);
    const ariaLabel = label(block);
    if (now && now.data.block === block && now.data.isStart === isStart && now.ariaLabel === ariaLabel) return now;
    return nodeOf(block, isStart, ariaLabel, now);
  });
}

function nodeOf(block: Block, isStart: boolean, ariaLabel: string, now: BlockNodeType | undefined): BlockNodeType {
  return { ...now, id: block.id, type: 'block', position: block.position, data: { block, isStart }, ariaLabel };
}

/** The nodes with those chosen that are. */
export function choose(nodes: readonly BlockNodeType[], selected: ReadonlySet<string>): BlockNodeType[] {
  return nodes.map((node) => chosen(node, selected.has(node.id)));
}

function chosen(node: BlockNodeType, isSelected: boolean): BlockNodeType {
  return Boolean(node.selected) === isSelected ? node : { ...node, selected: isSelected };
}

export function edgesOf(definition: Definition, selected: string | null): WayEdgeType[] {
  return links(definition).map(({ from, edge, to }) => ({
    id: `${from}|${edge}`,
    type: 'way',
    source: from,
    sourceHandle: edge,
    target: to,
    targetHandle: 'in',
    selected: selected === `${from}|${edge}`,
    data: { from, edge, isTrouble: !TROUBLE.test(edge) },
  }));
}

export interface Visit {
  block_id: string;
  /** The way that was taken into the block; null for the first. */
  edge?: string | null;
}

/** The edges with those marked that lead from one visit to the next; all the same where there is no path. */
export function markTaken(edges: WayEdgeType[], path: readonly Visit[] | null): WayEdgeType[] {
  if (path === null) return edges;
  const taken = new Set(path.map(({ edge }, place) => `${path[place - 1]?.block_id ?? ''}|${edge ?? ''}`));
  return edges.map((edge) => walked(edge, taken.has(edge.id)));
}

function walked(edge: WayEdgeType, isTaken: boolean): WayEdgeType {
  return { ...edge, className: (isTaken ? classes.taken : classes.notTaken) ?? '', zIndex: isTaken ? 1 : 0 };
}
