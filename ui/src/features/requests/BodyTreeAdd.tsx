// Ways to add a value to an object or list of a JSON tree.
import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { TreeActions, TreeNode } from './nodes';

export function AddButtons({ node, actions }: { node: TreeNode; actions: TreeActions }) {
  const { t } = useTranslation('requests');
  const name = node.key || t('tree.root');
  return (
    <Group gap={4} pl={4}>
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<Plus size={14} aria-hidden />}
        aria-label={t(node.kind === 'list' ? 'tree.addItemTo' : 'tree.addFieldTo', { name })}
        onClick={() => actions.add(node.id)}
      >
        {t(node.kind === 'list' ? 'tree.addItem' : 'tree.addField')}
      </Button>
      {(['object', 'list'] as const).map((kind) => (
        <Tooltip key={kind} label={t(`tree.add_${kind}`)}>
          <ActionIcon
            size={26}
            aria-label={t(`tree.addTo_${kind}`, { name })}
            onClick={() => actions.add(node.id, kind)}
          >
            <Text span ff="monospace" size="xs" aria-hidden>
              {kind === 'object' ? '{ }' : '[ ]'}
            </Text>
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  );
}
