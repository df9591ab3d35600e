// Blocks as text on the clipboard, and back into this flow or another, with ids and identifiers of their own.
import { answerKeys, callKeys, freeKey, newId } from './blocks';
import type { Block, Definition, Position, Variable } from './definition';
import { referencedKeys, renameReferences } from './references';

const KIND = 'recado/blocks';

interface Copied {
  kind: typeof KIND;
  blocks: Block[];
  variables: Variable[];
}

/** The blocks as JSON, with the ways between them and the variables they use. */
export function copyBlocks(definition: Definition, ids: ReadonlySet<string>): string {
  const blocks = definition.blocks.filter(({ id }) => ids.has(id)).map((block) => within(block, ids));
  const used = new Set(blocks.flatMap((block) => referencedKeys(block, 'variables')));
  for (const block of blocks) if (block.type === 'set_variable') used.add(block.variable);
  const copied: Copied = { kind: KIND, blocks, variables: definition.variables.filter(({ key }) => used.has(key)) };
  return JSON.stringify(copied, null, 2);
}

/** A block without the ways that lead out of a selection. */
function within(block: Block, ids: ReadonlySet<string>): Block {
  const edges = Object.fromEntries(Object.entries(block.edges).filter(([, to]) => ids.has(to)));
  return block.type === 'jump' && !ids.has(block.block) ? { ...block, edges, block: '' } : { ...block, edges };
}

/** The blocks that a text holds, or null where it holds none. */
export function readBlocks(text: string): Copied | null {
  if (!text.includes(KIND)) return null;
  try {
    const found = JSON.parse(text) as Partial<Copied> | null;
    if (found?.kind !== KIND || !Array.isArray(found.blocks) || found.blocks.length === 0) return null;
    const isWhole = found.blocks.every(
      (block) => typeof block.id === 'string' && typeof block.type === 'string' && typeof block.edges === 'object',
    );
    return isWhole ? { kind: KIND, blocks: found.blocks, variables: found.variables ?? [] } : null;
  } catch {
    return null;
  }
}

export interface Pasted {
  definition: Definition;
  /** The ids of the new blocks. */
  ids: string[];
}

/** Put copied blocks into a flow, their middle at a place; null where the text holds none. */
export function pasteBlocks(definition: Definition, text: string, at: Position): Pasted | null {
  const copied = readBlocks(text);
  if (!copied) return null;
  const ids = new Map(copied.blocks.map(({ id }) => [id, newId('b')]));
  const answers = newKeys(answerKeys(copied.blocks), answerKeys(definition.blocks));
  const calls = newKeys(callKeys(copied.blocks), callKeys(definition.blocks));
  const left = Math.min(...copied.blocks.map(({ position }) => position.x));
  const top = Math.min(...copied.blocks.map(({ position }) => position.y));
  const blocks = copied.blocks.map((block): Block => {
    const renamed = renameReferences(block, { answers, outputs: calls, calls });
    const edges = Object.fromEntries(
      Object.entries(renamed.edges).flatMap(([edge, to]) => (ids.has(to) ? [[edge, ids.get(to)!]] : [])),
    );
    const position = { x: at.x + block.position.x - left, y: at.y + block.position.y - top };
    const made: Block = { ...renamed, id: ids.get(block.id)!, edges, position };
    if ('answer' in made) return { ...made, answer: answers.get(made.answer) ?? made.answer };
    if ('key' in made) return { ...made, key: calls.get(made.key) ?? made.key };
    return made.type === 'jump' ? { ...made, block: ids.get(made.block) ?? '' } : made;
  });
  const known = new Set(definition.variables.map(({ key }) => key));
  return {
    definition: {
      ...definition,
      start: definition.start || blocks[0]!.id,
      blocks: [...definition.blocks, ...blocks],
      variables: [...definition.variables, ...copied.variables.filter(({ key }) => !known.has(key))],
    },
    ids: blocks.map(({ id }) => id),
  };
}

/** For each identifier one that is free; the same where it is free already. */
function newKeys(wanted: string[], taken: string[]): Map<string, string> {
  const all = [...taken];
  const found = new Map<string, string>();
  for (const key of new Set(wanted)) {
    const free = freeKey(key, all);
    found.set(key, free);
    all.push(free);
  }
  return found;
}
