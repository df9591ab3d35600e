// One value of a JSON tree, with its name, its kind and what stands below it.
import { ActionIcon, Menu, Select, Switch, Text, TextInput } from '@mantine/core';
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Ellipsis, X } from 'lucide-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { TemplateField, type ReferenceOption } from '../../components/TemplateField';
import { loneReference } from '../../components/TemplateField/grammar';
import { AddButtons } from './BodyTreeAdd';
import { isNumber } from '../../api/exactJson';
import { errorAt, type FieldErrors } from './errors';
import { childPath, NODE_KINDS, sameNames, type NodeKind, type TreeActions, type TreeNode } from './nodes';
import classes from './requests.module.css';

interface Props {
  node: TreeNode;
  parent: TreeNode | null;
  index: number;
  path: string;
  references: ReferenceOption[];
  errors: FieldErrors;
  isReadOnly: boolean;
  actions: TreeActions;
  /** Another member before it has its name. */
  isTwice: boolean;
}

export const BodyTreeNode = memo(function BodyTreeNode(props: Props) {
  const { node, parent, path, references, errors, isReadOnly, actions } = props;
  const { t } = useTranslation('requests');
  const [isFolded, setFolded] = useState(false);
  const isGroup = node.kind === 'object' || node.kind === 'list';
  const twice = sameNames(node);
  const name = nameOf(props, t);
  const said = errorAt(errors, path);
  return (
    <div className={classes.node} data-node={node.id} role="group" aria-label={name}>
      <div className={classes.nodeLine}>
        {isGroup && parent ? (
          <ActionIcon
            size={26}
            aria-expanded={!isFolded}
            aria-label={t(isFolded ? 'tree.unfold' : 'tree.fold', { name })}
            onClick={() => setFolded(!isFolded)}
          >
            {isFolded ? <ChevronRight size={15} aria-hidden /> : <ChevronDown size={15} aria-hidden />}
          </ActionIcon>
        ) : null}
        {parent ? <NodeName {...props} /> : null}
        <NodeKindSelect node={node} name={name} isReadOnly={isReadOnly} actions={actions} />
        <div className={classes.nodeValue}>
          <NodeValue {...props} name={name} />
        </div>
        {parent && !isReadOnly ? <NodeMenu {...props} parent={parent} name={name} /> : null}
      </div>
      {isGroup && said.error ? (
        <Text size="xs" c="var(--mantine-color-error)">
          {said.error}
        </Text>
      ) : null}
      {isGroup && !isFolded ? (
        <div className={parent ? `${classes.children} ${classes.branch}` : classes.children}>
          {node.children.map((child, at) => (
            <BodyTreeNode
              key={child.id}
              node={child}
              parent={node}
              index={at}
              path={childPath(node, path, child, at)}
              references={references}
              errors={errors}
              isReadOnly={isReadOnly}
              actions={actions}
              isTwice={twice.has(child.id)}
            />
          ))}
          {parent && !isReadOnly ? <AddButtons node={node} actions={actions} /> : null}
        </div>
      ) : null}
      {isGroup && isFolded ? (
        <Text size="xs" c="dimmed" pl={34}>
          {t('tree.folded', { count: node.children.length })}
        </Text>
      ) : null}
    </div>
  );
});

function nameOf({ node, parent, index }: Props, t: (key: string, options?: Record<string, unknown>) => string): string {
  if (!parent) return t('tree.root');
  return parent.kind === 'list' ? t('tree.item', { number: index + 1 }) : node.key || t('rows.nameless');
}

function NodeName({ node, parent, index, isReadOnly, actions, isTwice }: Props) {
  const { t } = useTranslation('requests');
  const [before, setBefore] = useState(node.key);
  if (parent?.kind === 'list')
    return (
      <Text span size="sm" c="dimmed" className={classes.itemNumber}>
        {index + 1}.
      </Text>
    );
  return (
    <TextInput
      className={classes.nodeKey}
      value={node.key}
      placeholder={t('rows.name')}
      readOnly={isReadOnly}
      aria-label={t('tree.nameOf', { number: index + 1 })}
      data-node-key
      error={isTwice ? t('tree.nameTwice') : undefined}
      spellCheck={false}
      autoComplete="off"
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
      onFocus={() => setBefore(node.key)}
      onChange={(event) => actions.edit(node.id, { key: event.currentTarget.value })}
      onBlur={() => {
        if (isTwice) actions.edit(node.id, { key: before });
      }}
    />
  );
}

function NodeKindSelect({
  node,
  name,
  isReadOnly,
  actions,
}: Pick<Props, 'node' | 'isReadOnly' | 'actions'> & { name: string }) {
  const { t } = useTranslation('requests');
  return (
    <Select
      className={classes.nodeKind}
      aria-label={t('tree.kindOf', { name })}
      value={node.kind}
      readOnly={isReadOnly}
      data={NODE_KINDS.map((kind) => ({ value: kind, label: t(`tree.kinds.${kind}`) }))}
      onChange={(kind) => actions.retype(node.id, kind as NodeKind)}
      comboboxProps={{ width: 190, position: 'bottom-start', shadow: 'md' }}
    />
  );
}

function NodeValue({ node, path, references, errors, isReadOnly, actions, name }: Props & { name: string }) {
  const { t } = useTranslation('requests');
  const [before, setBefore] = useState(node.text);
  const label = t('rows.valueOf', { name });
  const said = errorAt(errors, path);
  switch (node.kind) {
    case 'text': {
      const lone = loneReference(node.text);
      const type = lone && references.find((option) => option.text === `${lone.group}.${lone.name}`)?.type;
      return (
        <>
          <TemplateField
            label={label}
            isLabelHidden
            value={node.text}
            onChange={(text) => actions.edit(node.id, { text })}
            references={references}
            canBreak
            readOnly={isReadOnly}
            {...said}
          />
          {type && ['integer', 'number', 'boolean'].includes(type) ? (
            <Text size="xs" c="dimmed" mt={4}>
              {t('rows.keepsType', { type: t(`common:types.${type}`) })}
            </Text>
          ) : null}
        </>
      );
    }
    case 'number':
      return (
        <TextInput
          aria-label={label}
          value={node.text}
          readOnly={isReadOnly}
          inputMode="decimal"
          error={isNumber(node.text) ? said.error : t('tree.notNumber')}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
          onFocus={() => setBefore(node.text)}
          onChange={(event) => actions.edit(node.id, { text: event.currentTarget.value })}
          onBlur={() => {
            if (!isNumber(node.text))
              actions.edit(node.id, { text: isNumber(node.text.trim()) ? node.text.trim() : before });
          }}
        />
      );
    case 'boolean':
      return (
        <Switch
          mt={8}
          aria-label={label}
          checked={node.isTrue}
          disabled={isReadOnly}
          label={String(node.isTrue)}
          onChange={(event) => actions.edit(node.id, { isTrue: event.currentTarget.checked })}
        />
      );
    default:
      return null;
  }
}

function NodeMenu({ node, parent, index, actions, name }: Props & { parent: TreeNode; name: string }) {
  const { t } = useTranslation('requests');
  const last = parent.children.length - 1;
  return (
    <div className={classes.tools}>
      {last > 0 ? (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon aria-label={t('tree.moveOf', { name })}>
              <Ellipsis size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              disabled={index === 0}
              leftSection={<ArrowUp size={14} aria-hidden />}
              onClick={() => actions.move(parent.id, index, index - 1)}
            >
              {t('rows.up')}
            </Menu.Item>
            <Menu.Item
              disabled={index === last}
              leftSection={<ArrowDown size={14} aria-hidden />}
              onClick={() => actions.move(parent.id, index, index + 1)}
            >
              {t('rows.down')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
      <ActionIcon aria-label={t('common:rows.remove', { name })} onClick={() => actions.remove(node.id)}>
        <X size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
