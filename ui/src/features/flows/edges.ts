// The ways out of blocks, and what is done to them: connect, insert between, remove.
import { OUTCOMES, type Block, type Definition, type Position } from './definition';

export interface WayOut {
  /** As the definition calls it: `next`, `button:<id>`, `http_4xx` … */
  edge: string;
  /** What it is called by its author, where it has a name of its own. */
  title: string;
  /** The usual way, a choice of the person, or what happens when something goes wrong. */
  kind: 'main' | 'choice' | 'else' | 'trouble';
  /** Folded away until it is wanted. */
  isRare: boolean;
}

const way = (edge: string, kind: WayOut['kind'], title = '', isRare = false): WayOut => ({ edge, title, kind, isRare });

const UNDELIVERED = way('undelivered', 'trouble', '', true);

/** The ways out of a block in the order they are drawn. */
export function waysOut(block: Block): WayOut[] {
  switch (block.type) {
    case 'message':
      return [way('next', 'main'), UNDELIVERED];
    case 'wait':
      return [way('next', 'main')];
    case 'question':
    case 'form':
      return [way('next', 'main'), ...asked(block)];
    case 'buttons':
      return [
        ...(block.source ? [] : block.buttons.map(({ id, title }) => way(`button:${id}`, 'choice', title))),
        way('next', block.source ? 'main' : 'else'),
        ...(block.source ? [way('empty', 'trouble')] : []),
        ...asked(block),
      ];
    case 'list':
      return [
        ...(block.source
          ? []
          : block.sections.flatMap(({ rows }) => rows.map(({ id, title }) => way(`row:${id}`, 'choice', title)))),
        way('next', block.source ? 'main' : 'else'),
        ...(block.source ? [way('empty', 'trouble')] : []),
        ...asked(block),
      ];
    case 'condition':
      return [...block.branches.map(({ id, name }) => way(`branch:${id}`, 'choice', name)), way('else', 'else')];
    case 'set_variable':
    case 'call_flow':
      return [way('next', 'main'), way('failed', 'trouble')];
    case 'custom_integration':
      return [
        way('success', 'main'),
        ...OUTCOMES.map((outcome) => way(outcome, 'trouble', '', true)),
        way('failed', 'trouble'),
      ];
    case 'hand_over':
      return [way('closed', 'main'), way('timeout', 'trouble', '', block.timeout_seconds === null)];
    case 'jump':
    case 'end':
      return [];
  }
}

function asked(block: { timeout_seconds: number | null }): WayOut[] {
  return [way('no_match', 'trouble'), way('timeout', 'trouble', '', block.timeout_seconds === null), UNDELIVERED];
}

/** The ways that are drawn: rare ones where they lead somewhere or are asked for. */
export function waysDrawn(block: Block, isUnfolded = false): WayOut[] {
  return waysOut(block).filter(({ edge, isRare }) => !isRare || isUnfolded || block.edges[edge] !== undefined);
}

/** The way that a block put behind this one hangs on. */
export function mainWay(block: Block): string | null {
  const ways = waysOut(block);
  return (
    ways.find(({ edge, kind }) => kind === 'main' && !block.edges[edge])?.edge ??
    ways.find(({ edge, isRare }) => !isRare && !block.edges[edge])?.edge ??
    ways[0]?.edge ??
    null
  );
}

export interface Link {
  from: string;
  edge: string;
  to: string;
}

/** Every connection that leads from a block that is there to one that is there. */
export function links(definition: Pick<Definition, 'blocks'>): Link[] {
  const known = new Set(definition.blocks.map(({ id }) => id));
  return definition.blocks.flatMap((block) => {
    const names = new Set(waysOut(block).map(({ edge }) => edge));
    return Object.entries(block.edges)
      .filter(([edge, to]) => names.has(edge) && known.has(to))
      .map(([edge, to]) => ({ from: block.id, edge, to }));
  });
}

/** Where a block leads, jumps among it. */
export function leadsTo(block: Block): string[] {
  return [...Object.values(block.edges), ...(block.type === 'jump' && block.block ? [block.block] : [])];
}

export function changeBlock(definition: Definition, id: string, change: (block: Block) => Block): Definition {
  return { ...definition, blocks: definition.blocks.map((block) => (block.id === id ? change(block) : block)) };
}

/** Lead a way of a block to another, or nowhere. */
export function connect(definition: Definition, from: string, edge: string, to: string | null): Definition {
  return changeBlock(definition, from, (block) => {
    const edges = Object.fromEntries(Object.entries(block.edges).filter(([name]) => name !== edge));
    if (to !== null) edges[edge] = to;
    return { ...block, edges };
  });
}

/** Put a block on a way: what the way led to comes behind the block. */
export function insertOn(definition: Definition, from: string, edge: string, block: Block): Definition {
  const then = definition.blocks.find(({ id }) => id === from)?.edges[edge];
  const on = then === undefined ? null : mainWay(block);
  const inserted: Block =
    on !== null && then !== undefined ? { ...block, edges: { ...block.edges, [on]: then } } : block;
  return connect({ ...definition, blocks: [...definition.blocks, inserted] }, from, edge, block.id);
}

/** Add a block that nothing leads to yet; the first one is the start. */
export function addBlock(definition: Definition, block: Block): Definition {
  return { ...definition, start: definition.start || block.id, blocks: [...definition.blocks, block] };
}

/** Take blocks out; what led to them leads to what came behind them. */
export function removeBlocks(definition: Definition, ids: ReadonlySet<string>): Definition {
  const byId = new Map(definition.blocks.map((block) => [block.id, block]));
  const behind = (id: string): string | null => {
    const seen = new Set<string>();
    let at: string | undefined = id;
    while (at !== undefined && ids.has(at)) {
      if (seen.has(at)) return null;
      seen.add(at);
      const gone = byId.get(at);
      at = gone?.edges.next ?? gone?.edges.success ?? gone?.edges.closed;
    }
    return at ?? null;
  };
  const blocks = definition.blocks
    .filter(({ id }) => !ids.has(id))
    .map((block) => (leadsTo(block).some((to) => ids.has(to)) ? leadOn(block, behind) : block));
  const start = ids.has(definition.start) ? (behind(definition.start) ?? blocks[0]?.id ?? '') : definition.start;
  return { ...definition, blocks, start };
}

/** The block with its ways leading to where `behind` says, not in a circle to itself. */
function leadOn(block: Block, behind: (id: string) => string | null): Block {
  const edges = Object.fromEntries(
    Object.entries(block.edges)
      .map(([edge, to]): [string, string | null] => [edge, behind(to)])
      .filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== block.id),
  );
  return block.type === 'jump' ? { ...block, edges, block: behind(block.block) ?? '' } : { ...block, edges };
}

/** Drop ways that a block no longer has: a button, a row or a branch is gone. */
export function withoutLostWays(block: Block): Block {
  const names = new Set(waysOut(block).map(({ edge }) => edge));
  const kept = Object.entries(block.edges).filter(([edge]) => names.has(edge));
  return kept.length === Object.keys(block.edges).length ? block : { ...block, edges: Object.fromEntries(kept) };
}

export function moveBlocks(definition: Definition, places: ReadonlyMap<string, Position>): Definition {
  let hasMoved = false;
  const blocks = definition.blocks.map((block): Block => {
    const place = places.get(block.id);
    if (!place || (place.x === block.position.x && place.y === block.position.y)) return block;
    hasMoved = true;
    return { ...block, position: place };
  });
  return hasMoved ? { ...definition, blocks } : definition;
}

/** Blocks in the order a conversation comes to them, then those it never comes to. */
export function inOrder(
  definition: Pick<Definition, 'start' | 'blocks'>,
): { block: Block; depth: number; isReached: boolean }[] {
  const byId = new Map(definition.blocks.map((block) => [block.id, block]));
  const seen = new Set<string>();
  const found: { block: Block; depth: number; isReached: boolean }[] = [];
  const walk = (id: string, depth: number, isReached: boolean) => {
    const stack: [string, number][] = [[id, depth]];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const [at, level] = next;
      const block = byId.get(at);
      if (!block || seen.has(at)) continue;
      seen.add(at);
      found.push({ block, depth: level, isReached });
      const ways = waysOut(block).filter(({ edge }) => block.edges[edge] !== undefined);
      const deeper = ways.length > 1 ? level + 1 : level;
      for (const { edge } of ways.toReversed()) stack.push([block.edges[edge]!, deeper]);
      if (block.type === 'jump' && block.block) stack.push([block.block, level]);
    }
  };
  walk(definition.start, 0, true);
  for (const { id } of definition.blocks) walk(id, 0, false);
  return found;
}

/** The blocks that a conversation may have walked through before it comes to this one; itself where it can come back. */
export function before(definition: Pick<Definition, 'blocks'>, id: string): Set<string> {
  const into = new Map<string, string[]>();
  for (const block of definition.blocks)
    for (const to of leadsTo(block)) into.set(to, [...(into.get(to) ?? []), block.id]);
  const found = new Set<string>();
  const waiting = [...(into.get(id) ?? [])];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    waiting.push(...(into.get(at) ?? []));
  }
  return found;
}
