// One row: its name, its value, and what can be done with it.
import { ActionIcon, Badge, Box, Group, Text } from '@mantine/core';
import { GripVertical, SlidersHorizontal, X } from 'lucide-react';
import { memo, useEffect, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../api/schema';
import { TemplateField, type ReferenceOption } from '../../components/TemplateField';
import { loneReference } from '../../components/TemplateField/grammar';
import { KeyInput } from './KeyInput';
import classes from './requests.module.css';
import { emptyRow } from './request';
import { RowOptions } from './RowOptions';
import type { RowKind } from './rows';

interface Said {
  error?: string;
  softError?: string;
}

interface Props {
  /** Null for the empty row below the others. */
  row: Row | null;
  index: number;
  count: number;
  kind: RowKind;
  references: ReferenceOption[];
  keyError: Said;
  valueError: Said;
  formatError: Said;
  isTwice: boolean;
  isTyped: boolean;
  hasMoments: boolean;
  canBeFile: boolean;
  isReadOnly: boolean;
  onEdit: (index: number, part: Partial<Row>) => void;
  onRemove: (index: number) => void;
  onMove: (from: number, to: number) => void;
  onLeave: (index: number) => void;
  onPaste: (index: number, text: string) => boolean;
}

const DRAGGED = 'application/x-recado-row';
const EMPTY = emptyRow();

function isSame(before: Props, after: Props): boolean {
  return (Object.keys(after) as (keyof Props)[]).every((name) => {
    const [a, b] = [before[name], after[name]];
    if (name !== 'keyError' && name !== 'valueError' && name !== 'formatError') return a === b;
    return (a as Said).error === (b as Said).error && (a as Said).softError === (b as Said).softError;
  });
}

export const RowLine = memo(function RowLine(props: Props) {
  const {
    row,
    index,
    count,
    kind,
    references,
    keyError,
    valueError,
    formatError,
    isTwice,
    isTyped,
    hasMoments,
    canBeFile,
    isReadOnly,
    onEdit,
    onRemove,
    onMove,
    onLeave,
    onPaste,
  } = props;
  const { t } = useTranslation('requests');
  const [isOpen, setOpen] = useState(false);
  const [isOver, setOver] = useState(false);
  const { leave, stay } = useLeaving(() => onLeave(index));
  const line = useRef<HTMLDivElement>(null);
  const { key, value } = row ?? EMPTY;
  const name = key || t('rows.number', { number: index + 1 });
  const note = isTyped ? typeKept(value, references) : null;

  function onHandleKey(event: KeyboardEvent) {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    onMove(index, index + step);
  }

  function onDrop(event: DragEvent) {
    const [from, place] = event.dataTransfer.getData(DRAGGED).split(':');
    setOver(false);
    if (place !== kind || from === undefined) return;
    event.preventDefault();
    onMove(Number(from), index);
  }

  return (
    <Box
      ref={line}
      role="listitem"
      className={classes.row}
      data-over={isOver || undefined}
      data-new={row === null || undefined}
      onBlur={leave}
      onFocus={stay}
      onDragOver={(event) => {
        if (row === null || !event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {row === null || isReadOnly || count < 2 ? (
        <span className={classes.handle} />
      ) : (
        <span
          role="button"
          tabIndex={0}
          draggable
          className={classes.handle}
          aria-label={t('rows.move', { name })}
          title={t('rows.moveHow')}
          onKeyDown={onHandleKey}
          onDragStart={(event) => {
            event.dataTransfer.setData(DRAGGED, `${index}:${kind}`);
            event.dataTransfer.effectAllowed = 'move';
            if (line.current) event.dataTransfer.setDragImage(line.current, 12, 18);
          }}
        >
          <GripVertical size={15} aria-hidden />
        </span>
      )}
      <div className={classes.key}>
        <KeyInput
          kind={kind}
          value={key}
          label={row === null ? t('rows.newName') : t('rows.nameOf', { number: index + 1 })}
          placeholder={row === null ? t('rows.name') : ''}
          isReadOnly={isReadOnly}
          error={keyError.error ?? (isTwice && kind !== 'query' ? undefined : keyError.softError)}
          isSoft={!keyError.error}
          warning={
            isTwice
              ? t(
                  kind === 'headers'
                    ? 'rows.headerTwice'
                    : kind === 'query'
                      ? 'rows.keyTwiceFine'
                      : isTyped
                        ? 'rows.keyTwice'
                        : 'rows.keyTwiceFine',
                )
              : null
          }
          onChange={(next) => onEdit(index, { key: next })}
          onPaste={(text) => onPaste(index, text)}
          onEnter={() => line.current?.querySelector<HTMLElement>('[role="textbox"]')?.focus()}
        />
      </div>
      <div className={classes.value}>
        <TemplateField
          label={row === null ? t('rows.newValue') : t('rows.valueOf', { name })}
          isLabelHidden
          value={value}
          onChange={(next) => onEdit(index, { value: next })}
          references={references}
          placeholder={row === null ? t('rows.value') : ''}
          canBreak={kind === 'fields'}
          readOnly={isReadOnly}
          {...valueError}
        />
        <RowMarks row={row} kept={note ? t('rows.keepsType', { type: t(`common:types.${note}`) }) : null} />
      </div>
      <div className={classes.tools}>
        {row === null || isReadOnly ? null : (
          <>
            <ActionIcon
              aria-label={t('rows.options', { name })}
              title={t('rows.optionsShort')}
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
              variant={isOpen ? 'light' : 'subtle'}
            >
              <SlidersHorizontal size={15} aria-hidden />
            </ActionIcon>
            <ActionIcon
              aria-label={t('common:rows.remove', { name })}
              title={t('common:remove')}
              onClick={() => onRemove(index)}
            >
              <X size={16} aria-hidden />
            </ActionIcon>
          </>
        )}
      </div>
      {isOpen && row ? (
        <RowOptions
          row={row}
          index={index}
          count={count}
          kind={kind}
          isTyped={isTyped}
          hasMoments={hasMoments || Boolean(row.datetime_format)}
          canBeFile={canBeFile}
          formatError={formatError.error ?? formatError.softError}
          onEdit={onEdit}
          onMove={onMove}
        />
      ) : null}
    </Box>
  );
}, isSame);

/** What is special about a row, to be seen while its options are folded. */
function RowMarks({ row, kept }: { row: Row | null; kept: string | null }) {
  const { t } = useTranslation('requests');
  if (!row || !(kept || row.send_empty || row.allow_utf8 || row.datetime_format || row.kind)) return null;
  return (
    <Group gap={6} mt={4}>
      {kept ? (
        <Text size="xs" c="dimmed">
          {kept}
        </Text>
      ) : null}
      {row.kind === 'file' ? (
        <Badge size="sm" color="gray">
          {t('rows.file')}
        </Badge>
      ) : null}
      {row.send_empty ? (
        <Badge size="sm" color="gray">
          {t('rows.sentEmpty')}
        </Badge>
      ) : null}
      {row.allow_utf8 ? (
        <Badge size="sm" color="gray">
          {t('rows.utf8')}
        </Badge>
      ) : null}
      {row.datetime_format ? (
        <Badge size="sm" color="gray">
          {t('rows.dates', { format: t(`rows.formats.${row.datetime_format}`, { defaultValue: row.datetime_format }) })}
        </Badge>
      ) : null}
    </Group>
  );
}

/** The type that a value keeps because it is a reference alone; null for texts, which are texts anyway. */
function typeKept(value: string, references: ReferenceOption[]): string | null {
  const reference = loneReference(value);
  const type = reference && references.find((option) => option.text === `${reference.group}.${reference.name}`)?.type;
  return type && ['integer', 'number', 'boolean'].includes(type) ? type : null;
}

/** Calls back once the focus has left a part of the page for good, lists that belong to it included. */
function useLeaving(onLeave: () => void) {
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return {
    leave: () => {
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(onLeave, 150);
    },
    stay: () => window.clearTimeout(timer.current),
  };
}
