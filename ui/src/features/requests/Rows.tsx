// Rows of keys and values: typing into the last, empty one adds it; each can be moved, tuned and removed, or all edited as text.
import { Button, Text } from '@mantine/core';
import { Rows3, Text as TextIcon } from 'lucide-react';
import { memo, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../api/schema';
import type { ReferenceOption } from '../../components/TemplateField';
import { announce } from '../../components/TemplateField/announce';
import { BulkRows } from './BulkRows';
import { errorAt, type FieldErrors } from './errors';
import classes from './requests.module.css';
import { emptyRow, isBlank } from './request';
import { RowLine } from './RowLine';
import { canBeText, duplicateKeys, idsFor, moved, newRowId, rowsFromText, type RowKind } from './rows';
import { Section } from './Section';
import { useStable } from './useStable';

interface Props {
  kind: RowKind;
  title: string;
  hint?: string;
  rows: Row[];
  onChange: (rows: Row[]) => void;
  references: ReferenceOption[];
  errors: FieldErrors;
  /** Of the rows in the request: `query`, `headers`, `body.fields`. */
  path: string;
  isReadOnly: boolean;
  /** Whether a value that is a reference alone keeps its type. */
  isTyped?: boolean;
  /** Whether a row may be a file, as in a multipart body. */
  canBeFile?: boolean;
}

export const Rows = memo(function Rows({
  kind,
  title,
  hint,
  rows,
  onChange,
  references,
  errors,
  path,
  isReadOnly,
  isTyped = false,
  canBeFile = false,
}: Props) {
  const { t } = useTranslation('requests');
  const [isText, setText] = useState(false);
  const canText = canBeText(rows);
  const shown = isText && canText;
  return (
    <Section
      title={title}
      count={rows.length}
      hint={hint}
      actions={
        isReadOnly ? null : (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            disabled={!canText}
            title={canText ? undefined : t('rows.notAsText')}
            leftSection={shown ? <Rows3 size={14} aria-hidden /> : <TextIcon size={14} aria-hidden />}
            aria-label={`${t(shown ? 'rows.asRows' : 'rows.asText')}: ${title}`}
            onClick={() => setText(!shown)}
          >
            {t(shown ? 'rows.asRows' : 'rows.asText')}
          </Button>
        )
      }
    >
      {shown ? (
        <BulkRows
          kind={kind}
          title={title}
          rows={rows}
          onChange={onChange}
          references={references}
          errors={errors}
          path={path}
        />
      ) : (
        <Lines {...{ kind, title, rows, onChange, references, errors, path, isReadOnly, isTyped, canBeFile }} />
      )}
    </Section>
  );
});

function Lines({
  kind,
  title,
  rows,
  onChange,
  references,
  errors,
  path,
  isReadOnly,
  isTyped,
  canBeFile,
}: Omit<Required<Props>, 'hint'>) {
  const { t } = useTranslation('requests');
  const [kept, setIds] = useState(() => idsFor([], rows.length));
  const ids = idsFor(kept, rows.length);
  if (ids !== kept) setIds(ids);
  const latest = useRef({ rows, ids });
  useLayoutEffect(() => {
    latest.current = { rows, ids };
  });
  const list = useRef<HTMLDivElement>(null);
  const twice = duplicateKeys(rows, kind);
  const hasMoments = references.some((reference) => reference.type === 'datetime');

  const change = useStable((next: Row[], nextIds: string[]) => {
    latest.current = { rows: next, ids: nextIds };
    setIds(nextIds);
    onChange(next);
  });
  const focusKey = (index: number) =>
    window.requestAnimationFrame(() => {
      const keys = list.current?.querySelectorAll<HTMLElement>('[data-row-key]');
      keys?.[Math.min(index, keys.length - 1)]?.focus();
    });
  const edit = useStable((index: number, part: Partial<Row>) => {
    const { rows: now, ids: at } = latest.current;
    if (index < now.length)
      change(
        now.map((row, each) => (each === index ? { ...row, ...part } : row)),
        at,
      );
    else change([...now, { ...emptyRow(), ...part }], [...at, newRowId()]);
  });
  const remove = useStable((index: number) => {
    const { rows: now, ids: at } = latest.current;
    change(
      now.filter((_, each) => each !== index),
      at.filter((_, each) => each !== index),
    );
    focusKey(index);
  });
  const move = useStable((from: number, to: number) => {
    const { rows: now, ids: at } = latest.current;
    if (to < 0 || to >= now.length || from === to) return;
    change(moved(now, from, to), moved(at, from, to));
    announce(t('rows.moved', { key: now[from]!.key || t('rows.nameless'), place: to + 1, count: now.length }));
  });
  const drop = useStable((index: number) => {
    const { rows: now, ids: at } = latest.current;
    if (now[index] && isBlank(now[index]))
      change(
        now.filter((_, each) => each !== index),
        at.filter((_, each) => each !== index),
      );
  });
  const paste = useStable((index: number, text: string) => {
    const { rows: now, ids: at } = latest.current;
    const pasted = rowsFromText(text, kind);
    if (pasted.length < 2) return false;
    const next = [...now.slice(0, index), ...pasted, ...now.slice(index + 1)];
    change(next, [
      ...at.slice(0, index),
      ...pasted.map(newRowId),
      ...at.slice(index + 1),
      ...(index === now.length ? [newRowId()] : []),
    ]);
    announce(t('rows.pasted', { count: pasted.length }));
    return true;
  });

  const count = isReadOnly ? rows.length : rows.length + 1;
  if (count === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('rows.none')}
      </Text>
    );
  return (
    <div ref={list} role="list" aria-label={title} className={classes.rows}>
      {ids.slice(0, count).map((id, index) => {
        const row = rows[index];
        const at = `${path}[${index}]`;
        return (
          <RowLine
            key={id}
            row={row ?? null}
            index={index}
            count={rows.length}
            kind={kind}
            references={references}
            keyError={errorAt(errors, `${at}.key`)}
            valueError={errorAt(errors, `${at}.value`)}
            formatError={errorAt(errors, `${at}.datetime_format`)}
            isTwice={twice.has(index)}
            isTyped={isTyped}
            hasMoments={hasMoments}
            canBeFile={canBeFile}
            isReadOnly={isReadOnly}
            onEdit={edit}
            onRemove={remove}
            onMove={move}
            onLeave={drop}
            onPaste={paste}
          />
        );
      })}
    </div>
  );
}
