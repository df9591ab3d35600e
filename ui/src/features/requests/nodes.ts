// A JSON tree while it is edited: each value has an identity, so that it can be renamed, moved and retyped in place.
import { ExactNumber, exactNumber, isNumber } from '../../api/exactJson';
import { isObject, type JsonValue } from './jsonText';

export type NodeKind = 'text' | 'number' | 'boolean' | 'null' | 'object' | 'list';

export const NODE_KINDS: readonly NodeKind[] = ['text', 'number', 'boolean', 'null', 'object', 'list'];

export interface TreeNode {
  id: number;
  /** In an object; empty in lists and at the root. */
  key: string;
  kind: NodeKind;
  /** Of texts and numbers, as it is written. */
  text: string;
  /** Of yes-or-no values. */
  isTrue: boolean;
  children: TreeNode[];
  /** Added and not named yet: left out as long as nothing is in it. */
  isFresh?: boolean;
}

/** What can be done to the nodes of a tree, by their ids. */
export interface TreeActions {
  edit: (id: number, part: Partial<TreeNode>) => void;
  retype: (id: number, kind: NodeKind) => void;
  remove: (id: number) => void;
  move: (parent: number, from: number, to: number) => void;
  add: (parent: number, kind?: NodeKind) => void;
}

let count = 0;

export function newNode(kind: NodeKind = 'text', key = ''): TreeNode {
  count += 1;
  return { id: count, key, kind, text: kind === 'number' ? '0' : '', isTrue: true, children: [] };
}

export function nodeOf(value: JsonValue, key = ''): TreeNode {
  if (value === null) return newNode('null', key);
  if (typeof value === 'boolean') return { ...newNode('boolean', key), isTrue: value };
  if (typeof value === 'string') return { ...newNode('text', key), text: value };
  if (typeof value === 'number') return { ...newNode('number', key), text: String(value) };
  if (value instanceof ExactNumber) return { ...newNode('number', key), text: value.source };
  if (Array.isArray(value)) return { ...newNode('list', key), children: value.map((item) => nodeOf(item)) };
  return { ...newNode('object', key), children: Object.entries(value).map(([name, item]) => nodeOf(item, name)) };
}

export function valueOf(node: TreeNode): JsonValue {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'number':
      return isNumber(node.text) ? exactNumber(node.text) : 0;
    case 'boolean':
      return node.isTrue;
    case 'null':
      return null;
    case 'list':
      return node.children.map(valueOf);
    case 'object': {
      const members: Record<string, JsonValue> = {};
      for (const child of node.children.filter((each) => !isBlankNode(each)))
        Object.defineProperty(members, child.key, {
          value: valueOf(child),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      return members;
    }
  }
}

function isBlankNode(node: TreeNode): boolean {
  return Boolean(node.isFresh) && node.key === '' && node.kind === 'text' && node.text === '';
}

/** The tree with one of its nodes changed. */
export function withNode(root: TreeNode, id: number, change: (node: TreeNode) => TreeNode): TreeNode {
  if (root.id === id) return change(root);
  if (root.children.length === 0) return root;
  const children = root.children.map((child) => withNode(child, id, change));
  return children.every((child, index) => child === root.children[index]) ? root : { ...root, children };
}

/** The tree without one of its nodes. */
export function withoutNode(root: TreeNode, id: number): TreeNode {
  const children = root.children.filter((child) => child.id !== id).map((child) => withoutNode(child, id));
  const isSame =
    children.length === root.children.length && children.every((child, index) => child === root.children[index]);
  return isSame ? root : { ...root, children };
}

/** A node as another kind, with what can be carried over. */
export function retyped(node: TreeNode, kind: NodeKind): TreeNode {
  if (kind === node.kind) return node;
  const isGroup = kind === 'object' || kind === 'list';
  const text =
    kind === 'number'
      ? isNumber(node.text.trim())
        ? node.text.trim()
        : '0'
      : node.kind === 'boolean' && kind === 'text'
        ? String(node.isTrue)
        : node.text;
  const children = isGroup
    ? node.children.map((child, index) => ({ ...child, key: kind === 'list' ? '' : child.key || `item_${index + 1}` }))
    : [];
  return { ...node, kind, text, isTrue: node.text.trim() === 'false' ? false : node.isTrue, children };
}

/** The members of an object that share a name; JSON cannot hold them. */
export function sameNames(node: TreeNode): Set<number> {
  if (node.kind !== 'object') return new Set();
  const counts = new Map<string, number>();
  for (const child of node.children) counts.set(child.key, (counts.get(child.key) ?? 0) + 1);
  return new Set(node.children.filter((child) => counts.get(child.key)! > 1).map((child) => child.id));
}

/** Whether the tree can be written as it stands: no name twice, each number a number. */
export function isWritable(node: TreeNode): boolean {
  if (node.kind === 'number' && !isNumber(node.text)) return false;
  return sameNames(node).size === 0 && node.children.every(isWritable);
}

export function countNodes(value: JsonValue): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countNodes(item), 1);
  return isObject(value) ? Object.values(value).reduce<number>((sum, item) => sum + countNodes(item), 1) : 1;
}

/** Where a node stands, as the server names it: `body.json.a.b[0]`. */
export function childPath(parent: TreeNode, path: string, child: TreeNode, index: number): string {
  return parent.kind === 'list' ? `${path}[${index}]` : `${path}.${child.key}`;
}
