// A JSON body as a tree of fields: each value has a kind of its own, and texts take references.
import { Text } from '@mantine/core';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';

import type { ReferenceOption } from '../../components/TemplateField';
import type { FieldErrors } from './errors';
import { isSameJson, type JsonValue } from './jsonText';
import { AddButtons } from './BodyTreeAdd';
import { BodyTreeNode } from './BodyTreeNode';
import {
  isWritable,
  newNode,
  nodeOf,
  retyped,
  valueOf,
  withNode,
  withoutNode,
  type TreeActions,
  type TreeNode,
} from './nodes';
import classes from './requests.module.css';
import { moved } from './rows';
import { useStable } from './useStable';

interface Props {
  value: JsonValue;
  onChange: (value: JsonValue) => void;
  references: ReferenceOption[];
  errors: FieldErrors;
  isReadOnly: boolean;
}

export function BodyTree({ value, onChange, references, errors, isReadOnly }: Props) {
  const { t } = useTranslation('requests');
  const [root, setRoot] = useState(() => nodeOf(value));
  const [sent, setSent] = useState(value);
  if (value !== sent) {
    // changed elsewhere: undone, imported, or loaded again
    setSent(value);
    if (!isSameJson(value, sent)) setRoot(nodeOf(value));
  }
  const latest = useRef(root);
  useLayoutEffect(() => {
    latest.current = root;
  }, [root]);
  const tell = useStable(onChange);
  const box = useRef<HTMLDivElement>(null);

  const actions = useMemo((): TreeActions => {
    const change = (next: TreeNode) => {
      latest.current = next;
      setRoot(next);
      if (!isWritable(next)) return; // it is corrected, or set back, when the field is left
      const written = valueOf(next);
      setSent(written);
      tell(written);
    };
    return {
      edit: (id, part) => change(withNode(latest.current, id, (node) => ({ ...node, ...part }))),
      retype: (id, kind) => change(withNode(latest.current, id, (node) => retyped(node, kind))),
      remove: (id) => change(withoutNode(latest.current, id)),
      move: (parent, from, to) =>
        change(withNode(latest.current, parent, (node) => ({ ...node, children: moved(node.children, from, to) }))),
      add: (parent, kind = 'text') => {
        let made: TreeNode = { ...newNode(kind), isFresh: true };
        const next = withNode(latest.current, parent, (node) => {
          if (node.kind !== 'object') return { ...node, children: [...node.children, made] };
          const blank = node.children.find((child) => child.key === '');
          if (blank) made = blank;
          return blank ? node : { ...node, children: [...node.children, made] };
        });
        flushSync(() => change(next)); // so that what is typed at once goes where it should
        box.current
          ?.querySelector<HTMLElement>(`[data-node="${made.id}"] :is([data-node-key], [role="textbox"])`)
          ?.focus();
      },
    };
  }, [tell]);

  const isGroup = root.kind === 'object' || root.kind === 'list';
  return (
    <div ref={box} className={classes.tree}>
      <BodyTreeNode
        node={root}
        parent={null}
        index={0}
        path="body.json"
        references={references}
        errors={errors}
        isReadOnly={isReadOnly}
        actions={actions}
        isTwice={false}
      />
      {isGroup && root.children.length === 0 ? (
        <Text size="sm" c="dimmed" pl="md">
          {t('tree.empty')}
        </Text>
      ) : null}
      {isGroup && !isReadOnly ? <AddButtons node={root} actions={actions} /> : null}
    </div>
  );
}
