// What else can be said of a row: its place, what happens when its value is missing, how dates are written.
import { Button, Group, Stack, Switch } from '@mantine/core';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../api/schema';
import { DateFormat } from './DateFormat';
import classes from './requests.module.css';
import type { RowKind } from './rows';

interface Props {
  row: Row;
  index: number;
  count: number;
  kind: RowKind;
  isTyped: boolean;
  hasMoments: boolean;
  /** Whether the body carries files. */
  canBeFile: boolean;
  formatError?: string;
  onEdit: (index: number, part: Partial<Row>) => void;
  onMove: (from: number, to: number) => void;
}

export function RowOptions({
  row,
  index,
  count,
  kind,
  isTyped,
  hasMoments,
  canBeFile,
  formatError,
  onEdit,
  onMove,
}: Props) {
  const { t } = useTranslation('requests');
  const name = row.key || t('rows.number', { number: index + 1 });
  return (
    <Stack gap="sm" className={classes.options} role="group" aria-label={t('rows.options', { name })}>
      <Switch
        size="sm"
        checked={row.send_empty ?? false}
        onChange={(event) => onEdit(index, { send_empty: event.currentTarget.checked })}
        label={t('rows.sendEmpty')}
        description={t(
          isTyped ? 'rows.sendEmptyJson' : kind === 'headers' ? 'rows.sendEmptyHeader' : 'rows.sendEmptyPair',
          { key: row.key || 'name' },
        )}
      />
      {canBeFile || row.kind === 'file' ? (
        <Switch
          size="sm"
          checked={row.kind === 'file'}
          onChange={(event) => onEdit(index, { kind: event.currentTarget.checked ? 'file' : null })}
          label={t('rows.isFile')}
          description={t('rows.isFileWhy')}
        />
      ) : null}
      {kind === 'headers' ? (
        <Switch
          size="sm"
          checked={row.allow_utf8 ?? false}
          onChange={(event) => onEdit(index, { allow_utf8: event.currentTarget.checked })}
          label={t('rows.allowUtf8')}
          description={t('rows.allowUtf8Why')}
        />
      ) : null}
      {hasMoments ? (
        <DateFormat
          value={row.datetime_format ?? null}
          error={formatError}
          onChange={(datetime_format) => onEdit(index, { datetime_format })}
        />
      ) : null}
      {count > 1 ? (
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            disabled={index === 0}
            leftSection={<ArrowUp size={14} aria-hidden />}
            onClick={() => onMove(index, index - 1)}
          >
            {t('rows.up')}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={index >= count - 1}
            leftSection={<ArrowDown size={14} aria-hidden />}
            onClick={() => onMove(index, index + 1)}
          >
            {t('rows.down')}
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}
