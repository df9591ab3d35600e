// Which flow begins on which first message; the first rule that fits does.
import { Alert, Button, Group, Select, Stack, TagsInput, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import type { Channel } from '../../api/schema';
import { EditedRow } from '../../components/EditedRow';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Form } from '../../components/Form';
import { RowButtons } from '../../components/RowButtons';
import { moveRow, removeAt } from '../../components/rows';
import { UnsavedGuard } from '../../components/UnsavedGuard';
import { flowChoicesQuery } from '../flows/queries';
import { START_KINDS, startOf, startRow, unreachable, type StartRow } from './channel';
import { useUpdateChannel } from './queries';

interface Props {
  channel: Channel;
  isReadOnly: boolean;
  submitLabel: string;
  onSaved?: () => void;
}

export function StartsForm({ channel, isReadOnly, submitLabel, onSaved }: Props) {
  const { t } = useTranslation('channels');
  const updating = useUpdateChannel(channel.id);
  const flows = useQuery(flowChoicesQuery);
  const [rows, setRows] = useState<StartRow[]>(() => (channel.settings.starts ?? []).map(startRow));
  const [isDirty, setDirty] = useState(false);
  const errors = updating.error ? asProblem(updating.error).byPath : {};
  const idle = new Set(unreachable(rows));
  const choices = (flows.data ?? []).map(({ id, name, published_version }) => ({
    value: id,
    label: published_version === null ? t('starts.unpublished', { name }) : name,
  }));
  const drafts = new Set((flows.data ?? []).filter((flow) => flow.published_version === null).map(({ id }) => id));

  function change(next: StartRow[]) {
    setRows(next);
    setDirty(true);
    updating.reset();
  }

  function set(index: number, part: Partial<StartRow>) {
    change(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  }

  async function save() {
    await updating.mutateAsync({ settings: { starts: rows.map(startOf) } });
    setDirty(false);
    onSaved?.();
  }

  return (
    <Form onSubmit={save}>
      <UnsavedGuard isDirty={isDirty && !updating.isPending} />
      <Stack gap="md">
        {rows.length === 0 ? <Text size="sm">{t('starts.none')}</Text> : null}
        <Stack component="ul" gap="sm" m={0} p={0} aria-label={t('starts.title')}>
          {rows.map((row, index) => (
            <EditedRow
              key={row.rowId}
              id={row.rowId}
              legend={t('starts.row', { number: index + 1 })}
              isReadOnly={isReadOnly}
            >
              <Group align="flex-start" gap="sm">
                <Select
                  label={t('starts.kind')}
                  data={START_KINDS.map((value) => ({ value, label: t(`starts.kinds.${value}`) }))}
                  value={row.kind}
                  onChange={(kind) => set(index, { kind: (kind ?? 'any') as StartRow['kind'] })}
                  allowDeselect={false}
                  w={{ base: '100%', sm: 240 }}
                />
                {row.kind === 'keyword' ? (
                  <Select
                    label={t('starts.match')}
                    data={(['exact', 'contains'] as const).map((value) => ({
                      value,
                      label: t(`starts.matches.${value}`),
                    }))}
                    value={row.match}
                    onChange={(match) => set(index, { match: match === 'contains' ? 'contains' : 'exact' })}
                    allowDeselect={false}
                    w={{ base: '100%', sm: 170 }}
                  />
                ) : null}
                {row.kind === 'keyword' || row.kind === 'template_button' ? (
                  <TagsInput
                    label={t(row.kind === 'keyword' ? 'starts.words' : 'starts.buttons')}
                    value={row.words}
                    onChange={(words) => set(index, { words })}
                    error={errors[`settings.starts[${index}].words`]}
                    data={[]}
                    acceptValueOnBlur
                    style={{ flex: '1 1 220px' }}
                  />
                ) : null}
                {row.kind === 'referral' ? (
                  <TagsInput
                    label={t('starts.ads')}
                    value={row.source_ids}
                    onChange={(source_ids) => set(index, { source_ids })}
                    error={errors[`settings.starts[${index}].source_ids`]}
                    data={[]}
                    acceptValueOnBlur
                    style={{ flex: '1 1 220px' }}
                  />
                ) : null}
                <Select
                  label={t('starts.flow')}
                  placeholder={t('starts.choose')}
                  data={choices}
                  value={row.flow_id || null}
                  onChange={(flow) => set(index, { flow_id: flow ?? '' })}
                  error={errors[`settings.starts[${index}].flow_id`]}
                  searchable
                  allowDeselect={false}
                  style={{ flex: '1 1 220px' }}
                />
                {isReadOnly ? null : (
                  <RowButtons
                    name={t('starts.row', { number: index + 1 })}
                    index={index}
                    count={rows.length}
                    onMove={(by) => change(moveRow(rows, index, by))}
                    onRemove={() => change(removeAt(rows, index))}
                    mt={{ base: 0, sm: 25 }}
                  />
                )}
              </Group>
              {idle.has(index) ? (
                <Text size="xs" mt={6}>
                  {t('starts.unreachable')}
                </Text>
              ) : null}
              {drafts.has(row.flow_id) ? (
                <Text size="xs" mt={6}>
                  {t('starts.publishFirst')}
                </Text>
              ) : null}
            </EditedRow>
          ))}
        </Stack>
        {flows.isSuccess && flows.data.length === 0 ? (
          <Alert role="note" color="yellow">
            {t('starts.noFlows')}
          </Alert>
        ) : null}
        {updating.error ? <ErrorPanel error={updating.error} isFieldsShown={Object.keys(errors).length > 0} /> : null}
        {isReadOnly ? null : (
          <Group gap="sm">
            <Button
              variant="default"
              leftSection={<Plus size={16} aria-hidden />}
              onClick={() => change([...rows, startRow({ kind: rows.length === 0 ? 'any' : 'keyword' })])}
            >
              {t('starts.add')}
            </Button>
            <Button type="submit" loading={updating.isPending} disabled={!isDirty && !onSaved}>
              {submitLabel}
            </Button>
          </Group>
        )}
      </Stack>
    </Form>
  );
}
