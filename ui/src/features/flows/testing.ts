// Flows for the tests of this folder.
import { FIRST_SETTINGS, newBlock } from './blocks';
import type { Block, BlockType, Definition } from './definition';

/** A block with an id of one's own, and parts of one's own. */
export function block(type: BlockType, id: string, edges: Record<string, string> = {}, part: object = {}): Block {
  return { ...newBlock(type, { x: 0, y: 0 }, [], id), edges, ...part } as Block;
}

export function flow(...blocks: Block[]): Definition {
  return { start: blocks[0]?.id ?? '', blocks, variables: [], settings: FIRST_SETTINGS };
}
