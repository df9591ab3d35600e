// The flow as a list, in the order a conversation comes to its blocks: the same work without the drawing.
import { ActionIcon, Badge, Group, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { CircleAlert, Flag, Plus, Trash2, TriangleAlert, Unlink } from 'lucide-react';
import { useMemo, useRef, type CSSProperties, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { BlockIcon } from './BlockIcon';
import { useDrawing } from './canvas/context';
import type { Block, Definition } from './definition';
import { inOrder, mainWay, waysDrawn } from './edges';
import classes from './flows.module.css';
import { useBlockWords } from './useBlockWords';

interface Props {
  definition: Definition;
  isReadOnly: boolean;
  selected: ReadonlySet<string>;
  onOpen: (id: string) => void;
  onAddAfter: (block: Block, edge: string, at: { x: number; y: number }) => void;
  onRemove: (id: string) => void;
}

const DEEPEST = 6;

export function Outline({ definition, isReadOnly, selected, onOpen, onAddAfter, onRemove }: Props) {
  const { t } = useTranslation('flows');
  const words = useBlockWords();
  const { problems, names } = useDrawing();
  const list = useRef<HTMLOListElement>(null);
  const entries = useMemo(() => inOrder(definition), [definition]);

  function press(event: KeyboardEvent, block: Block) {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[data-entry]') ?? [])];
    const at = buttons.indexOf(event.currentTarget as HTMLElement);
    const next = event.key === 'ArrowDown' ? buttons[at + 1] : event.key === 'ArrowUp' ? buttons[at - 1] : undefined;
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (event.key === 'Delete' && !isReadOnly) {
      event.preventDefault();
      event.stopPropagation();
      (buttons[at + 1] ?? buttons[at - 1])?.focus();
      onRemove(block.id);
    }
  }

  if (entries.length === 0) return null;
  return (
    <div className={classes.outline}>
      <ol ref={list} className={classes.entries} aria-label={t('outline.title')}>
        {entries.map(({ block, depth, isReached }) => {
          const found = problems.get(block.id);
          const title = words.title(block);
          const way = mainWay(block);
          return (
            <li key={block.id} style={{ '--depth': Math.min(depth, DEEPEST) } as CSSProperties}>
              <div className={classes.entry} data-selected={selected.has(block.id) || undefined}>
                <UnstyledButton
                  className={classes.entryButton}
                  data-entry={block.id}
                  onClick={() => onOpen(block.id)}
                  onKeyDown={(event) => press(event, block)}
                  aria-current={selected.has(block.id) ? 'true' : undefined}
                >
                  <BlockIcon type={block.type} size={30} />
                  <span className={classes.entryNames}>
                    <Text span size="sm" fw={600} truncate display="block">
                      {title}
                    </Text>
                    <Text span size="xs" c="dimmed" display="block">
                      {t(`types.${block.type}`)}
                      {block.type === 'custom_integration' && names.get(block.action_id)
                        ? ` · ${names.get(block.action_id)}`
                        : ''}
                    </Text>
                  </span>
                  {definition.start === block.id ? (
                    <Badge leftSection={<Flag size={12} aria-hidden />}>{t('canvas.start')}</Badge>
                  ) : null}
                  {isReached ? null : (
                    <Badge color="yellow" leftSection={<Unlink size={12} aria-hidden />}>
                      {t('outline.unreached')}
                    </Badge>
                  )}
                  {found ? (
                    <Badge
                      color={found.errors > 0 ? 'red' : 'yellow'}
                      leftSection={
                        found.errors > 0 ? (
                          <CircleAlert size={12} aria-hidden />
                        ) : (
                          <TriangleAlert size={12} aria-hidden />
                        )
                      }
                    >
                      {found.errors > 0
                        ? t('problems.errors', { count: found.errors })
                        : t('problems.warnings', { count: found.warnings })}
                    </Badge>
                  ) : null}
                </UnstyledButton>
                {isReadOnly ? null : (
                  <Group gap={2} wrap="nowrap" pe={6}>
                    {way ? (
                      <Tooltip label={t('outline.addAfter')}>
                        <ActionIcon
                          aria-label={t('outline.addAfterNamed', { title })}
                          onClick={(event) => {
                            const { right, top } = event.currentTarget.getBoundingClientRect();
                            onAddAfter(block, way, { x: right, y: top });
                          }}
                        >
                          <Plus size={16} aria-hidden />
                        </ActionIcon>
                      </Tooltip>
                    ) : null}
                    <Tooltip label={t('common:remove')}>
                      <ActionIcon aria-label={t('outline.removeNamed', { title })} onClick={() => onRemove(block.id)}>
                        <Trash2 size={16} aria-hidden />
                      </ActionIcon>
                    </Tooltip>
                  </Group>
                )}
              </div>
              <ul className={classes.leads}>
                {waysDrawn(block)
                  .filter(({ edge, kind }) => kind !== 'trouble' || block.edges[edge])
                  .map((each) => (
                    <li key={each.edge} data-unwired={!block.edges[each.edge] || undefined}>
                      {words.way(block, each)} → {names.get(block.edges[each.edge] ?? '') ?? t('outline.nowhere')}
                    </li>
                  ))}
              </ul>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
