// A tree that is edited in place says the same as the JSON it came from.
import { describe, expect, it } from 'vitest';

import { parseJsonText, writeJsonText, type JsonValue } from './jsonText';
import {
  childPath,
  countNodes,
  isWritable,
  newNode,
  nodeOf,
  retyped,
  sameNames,
  valueOf,
  withNode,
  withoutNode,
} from './nodes';

const TREE: JsonValue = parseJsonText('{"a": {{inputs.a}}, "b": [1, 12.10, true, null, {"c": "d"}], "e": {}}');

describe('a tree', () => {
  it('comes back as it was', () => {
    expect(writeJsonText(valueOf(nodeOf(TREE)))).toBe(writeJsonText(TREE));
    expect(countNodes(TREE)).toBe(10);
    expect(isWritable(nodeOf(TREE))).toBe(true);
  });

  it('is changed in one place, and the rest stays what it is', () => {
    const root = nodeOf(TREE);
    const [first, list] = root.children;
    const changed = withNode(root, first!.id, (node) => ({ ...node, text: 'x' }));
    expect(valueOf(changed.children[0]!)).toBe('x');
    expect(changed.children[1]).toBe(list);
    expect(withNode(root, -1, (node) => ({ ...node, text: 'x' }))).toBe(root);
  });

  it('loses one node and no other', () => {
    const root = nodeOf(TREE);
    const [, list] = root.children;
    const changed = withoutNode(root, list!.children[1]!.id);
    expect(writeJsonText(valueOf(changed.children[1]!), '')).toBe(writeJsonText([1, true, null, { c: 'd' }]));
    expect(withoutNode(root, -1)).toBe(root);
  });

  it('keeps what it can when a value becomes another kind', () => {
    expect(valueOf(retyped(nodeOf('12'), 'number'))).toBe(12);
    expect(valueOf(retyped(nodeOf('x'), 'number'))).toBe(0);
    expect(valueOf(retyped(nodeOf(12), 'text'))).toBe('12');
    expect(valueOf(retyped(nodeOf(false), 'text'))).toBe('false');
    expect(valueOf(retyped(nodeOf('false'), 'boolean'))).toBe(false);
    expect(valueOf(retyped(nodeOf(['a', 'b']), 'object'))).toEqual({ item_1: 'a', item_2: 'b' });
    expect(valueOf(retyped(nodeOf({ x: 'a' }), 'list'))).toEqual(['a']);
    expect(valueOf(retyped(nodeOf({ x: 'a' }), 'null'))).toBeNull();
  });

  it('cannot be written with a name twice, or with a number that is none', () => {
    const twice = {
      ...newNode('object'),
      children: [newNode('text', 'a'), newNode('text', 'b'), newNode('text', 'a')],
    };
    expect([...sameNames(twice)]).toEqual([twice.children[0]!.id, twice.children[2]!.id]);
    expect(isWritable(twice)).toBe(false);
    expect(isWritable({ ...newNode('list'), children: [{ ...newNode('number'), text: '1.' }] })).toBe(false);
  });

  it('does not write a member that was only just added', () => {
    expect(
      valueOf({ ...newNode('object'), children: [{ ...newNode(), isFresh: true }, newNode('text', 'a')] }),
    ).toEqual({ a: '' });
    expect(valueOf(nodeOf({ '': '' }))).toEqual({ '': '' });
  });

  it('names its places as the server does', () => {
    const root = nodeOf(TREE);
    const list = root.children[1]!;
    expect(childPath(root, 'body.json', list, 1)).toBe('body.json.b');
    expect(childPath(list, 'body.json.b', list.children[4]!, 4)).toBe('body.json.b[4]');
  });
});
