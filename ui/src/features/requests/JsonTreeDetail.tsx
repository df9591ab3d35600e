// All about the row of a JSON tree that the keyboard or mouse is on: its key, its whole value, and copies of both.
import { Button, Code, Group, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Copy, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { guessType } from '../responses/candidates';
import { countMembers, writeJson, type JsonNode } from '../responses/json';
import type { Segment } from '../responses/keys';
import classes from './JsonTree.module.css';
import { valueText, type TreeRow } from './JsonTreeRows';

interface Props {
  row: TreeRow;
  onPick?: (segments: Segment[], node: JsonNode) => void;
  picked: ReadonlySet<string>;
}

const SHORT = 60;

export function JsonTreeDetail({ row, onPick, picked }: Props) {
  const { t } = useTranslation('responses');
  const isWhole = countMembers(row.node) !== null;
  const text = valueText(row.node);
  return (
    <div className={classes.detail}>
      <Group gap="xs" justify="space-between">
        <Group gap="xs" style={{ minWidth: 0 }}>
          <Code className="breaks">{row.key}</Code>
          <Text size="xs" c="dimmed">
            {t(row.node.kind === 'null' ? 'tree.null' : `common:types.${guessType(row.node)}`)}
          </Text>
        </Group>
        <Group gap={4}>
          <CopyText label={t('tree.copyKey')} text={() => row.key} />
          <CopyText label={t('tree.copyValue')} text={() => (isWhole ? writeJson(row.node, '  ') : text)} />
          {onPick && !picked.has(row.key) ? (
            <Button
              size="compact-xs"
              leftSection={<Plus size={12} aria-hidden />}
              onClick={() => onPick(row.segments, row.node)}
            >
              {t('tree.use')}
            </Button>
          ) : null}
        </Group>
      </Group>
      {text.length > SHORT || text.includes('\n') ? (
        // A region that scrolls can be reached by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className={classes.full} tabIndex={0} role="region" aria-label={t('tree.value')}>
          {text}
        </pre>
      ) : null}
    </div>
  );
}

function CopyText({ label, text }: { label: string; text: () => string }) {
  const { t } = useTranslation('responses');
  const { copied, copy } = useClipboard();
  const Icon = copied ? Check : Copy;
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="gray"
      leftSection={<Icon size={12} aria-hidden />}
      onClick={() => copy(text())}
    >
      {copied ? t('common:copied') : label}
    </Button>
  );
}
