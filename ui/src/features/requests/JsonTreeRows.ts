// The rows of a JSON tree: what is unfolded, what a search finds, and where each row leads.
import { childrenOf } from '../responses/candidates';
import { countMembers, type JsonNode } from '../responses/json';
import { writeKey, type Segment } from '../responses/keys';

export interface TreeRow {
  /** The key that leads there; no two rows have the same. */
  key: string;
  segments: Segment[];
  node: JsonNode;
  level: number;
  position: number;
  size: number;
  isFolder: boolean;
  isOpen: boolean;
  isMatch: boolean;
}

/** Nodes that are folded, or unfolded, against what the tree begins with. */
export type Toggled = ReadonlySet<string>;

export interface TreeView {
  root: JsonNode;
  toggled: Toggled;
  /** Deeper levels begin folded. */
  openLevels: number;
  /** Lower-case text that is looked for; empty for none. */
  search: string;
  /** Only what is found, and the way to it. */
  isFiltered: boolean;
}

const MOST_OPEN = 200;

/** How many levels a tree begins with: all of a small one, two of a large one. */
export function firstLevels(root: JsonNode): number {
  return countNodes(root, MOST_OPEN) < MOST_OPEN ? Number.POSITIVE_INFINITY : 2;
}

function countNodes(node: JsonNode, limit: number): number {
  let count = 1;
  for (const [, child] of childrenOf(node)) {
    if (count >= limit) break;
    count += countNodes(child, limit - count);
  }
  return count;
}

/** The value of a row in one line; what it holds in brackets is left to the caller. */
export function valueText(node: JsonNode): string {
  switch (node.kind) {
    case 'string':
      return node.value;
    case 'number':
      return node.text;
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
    default:
      return '';
  }
}

/** The rows that show, from the top. A row that nobody touched is open in the first levels and on the way to what is found. */
export function rowsOf(view: TreeView): TreeRow[] {
  const rows: TreeRow[] = [];
  const found = view.search ? findIn(view.root, view.search) : null;
  const visit = (node: JsonNode, segments: Segment[], level: number, position: number, size: number) => {
    const key = writeKey(segments);
    if (found && view.isFiltered && !found.onTheWay.has(key)) return;
    const isFolder = (countMembers(node) ?? 0) > 0;
    const isFirstOpen = found?.above.has(key) || level <= view.openLevels;
    const isOpen = isFolder && isFirstOpen !== view.toggled.has(key);
    rows.push({
      key,
      segments,
      node,
      level,
      position,
      size,
      isFolder,
      isOpen,
      isMatch: found?.matches.has(key) ?? false,
    });
    if (!isOpen) return;
    const children = childrenOf(node);
    children.forEach(([segment, child], index) =>
      visit(child, [...segments, segment], level + 1, index + 1, children.length),
    );
  };
  visit(view.root, [], 1, 1, 1);
  return rows;
}

interface Found {
  matches: Set<string>;
  above: Set<string>;
  onTheWay: Set<string>;
}

/** What matches by its name, its value or its whole key, and what is above it. */
function findIn(root: JsonNode, search: string): Found {
  const found: Found = { matches: new Set(), above: new Set(), onTheWay: new Set() };
  const visit = (node: JsonNode, segments: Segment[], above: string[]): void => {
    const key = writeKey(segments);
    const name = String(segments.at(-1) ?? '');
    const isHere = [name, valueText(node)].some((text) => text.toLowerCase().includes(search));
    if (isHere || isNew(key, above, search)) {
      found.matches.add(key);
      found.onTheWay.add(key);
      for (const each of above) {
        found.above.add(each);
        found.onTheWay.add(each);
      }
    }
    const inner = [...above, key];
    for (const [segment, child] of childrenOf(node)) visit(child, [...segments, segment], inner);
  };
  visit(root, [], []);
  return found;
}

/** Whether the text is in this key but not yet in the key above, so that `data.user` does not find all that is in it. */
function isNew(key: string, above: string[], search: string): boolean {
  return key.toLowerCase().includes(search) && !(above.at(-1) ?? '').toLowerCase().includes(search);
}

/** Where the keyboard leads from a row (WAI-ARIA tree pattern); null where it stays. */
export function rowAfter(rows: TreeRow[], index: number, pressed: string): number | null {
  const row = rows[index];
  if (!row) return null;
  switch (pressed) {
    case 'ArrowDown':
      return Math.min(index + 1, rows.length - 1);
    case 'ArrowUp':
      return Math.max(index - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return rows.length - 1;
    case 'ArrowLeft':
      return row.isOpen ? null : parentOf(rows, index);
    case 'ArrowRight':
      return row.isOpen ? index + 1 : null;
    default:
      return pressed.length === 1 && pressed !== ' ' ? nextNamed(rows, index, pressed) : null;
  }
}

function parentOf(rows: TreeRow[], index: number): number | null {
  const level = rows[index]!.level;
  const above = rows.slice(0, index).findLastIndex((row) => row.level < level);
  return above === -1 ? null : above;
}

function nextNamed(rows: TreeRow[], index: number, letter: string): number | null {
  const order = [...rows.keys()].slice(index + 1).concat([...rows.keys()].slice(0, index + 1));
  const begins = (row: TreeRow) =>
    String(row.segments.at(-1) ?? '')
      .toLowerCase()
      .startsWith(letter.toLowerCase());
  return order.find((each) => begins(rows[each]!)) ?? null;
}
