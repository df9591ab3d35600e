// One output: where it stands in the answer, what flows call it, its type, and whether the action fails without it.
import { Autocomplete, Checkbox, Group, Select, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Candidate, OutputIn } from '../../api/schema';
import { EditedRow } from '../../components/EditedRow';
import { IdentifierInput } from '../../components/IdentifierInput';
import { RowButtons } from '../../components/RowButtons';
import { sampleText } from '../responses/candidates';
import { MOST_KEY_CHARACTERS } from '../responses/keys';
import type { Answer } from '../responses/outputs';
import classes from './actions.module.css';
import { identifyOutput, keyOutput, liveSlip, nameOfKey, type OutputRow as Row } from './draft';
import { TYPES } from './InputRow';
import { ListChoice } from './ListChoice';
import { LiveResult } from './LiveResult';

const OUTPUT_TYPES = [...TYPES, 'json'] as const satisfies OutputIn['type'][];
const MOST_OFFERED = 50;

interface Props {
  row: Row;
  index: number;
  rows: Row[];
  answer: Answer | null;
  candidates: Candidate[];
  errors: Record<string, string>;
  isReadOnly: boolean;
  onChange: (change: (row: Row) => Row) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

export function OutputRow({
  row,
  index,
  rows,
  answer,
  candidates,
  errors,
  isReadOnly,
  onChange,
  onMove,
  onRemove,
}: Props) {
  const { t } = useTranslation('actions');
  const called = row.name.trim() || row.identifier || t('outputs.unnamed', { number: index + 1 });
  const others = rows.filter(({ id }) => id !== row.id);
  const slip = liveSlip(
    row.identifier,
    others.map(({ identifier }) => identifier),
  );
  const byKey = new Map(candidates.map((candidate) => [candidate.key, candidate]));

  function set(changes: Partial<Row>) {
    onChange((now) => ({ ...now, ...changes }));
  }

  return (
    <EditedRow id={row.id} legend={t('outputs.one', { number: index + 1, name: called })} isReadOnly={isReadOnly}>
      <div className={classes.outputRow}>
        <TextInput
          data-place="name"
          label={t('outputs.name')}
          placeholder={t('outputs.namePlaceholder')}
          value={row.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={errors[`outputs[${index}].name`]}
          maxLength={200}
          required
          autoComplete="off"
        />
        <Autocomplete
          label={t('outputs.key')}
          placeholder="data.user.id"
          data={offered(answer, candidates, t('outputs.inResponse'), t('outputs.builtIn'))}
          limit={MOST_OFFERED}
          value={row.key}
          onChange={(key) => onChange((now) => keyOutput(now, key, others))}
          onOptionSubmit={(key) => set({ type: byKey.get(key)?.type ?? row.type, name: row.name || nameOfKey(key) })}
          error={errors[`outputs[${index}].key`]}
          maxLength={MOST_KEY_CHARACTERS}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          renderOption={({ option }) => <Choice value={option.value} candidate={byKey.get(option.value)} />}
          comboboxProps={{ shadow: 'md', width: 'max-content', position: 'bottom-start' }}
          withScrollArea={false}
          styles={{
            input: { fontFamily: 'var(--mantine-font-family-monospace)' },
            options: { maxHeight: 300, overflowY: 'auto' },
          }}
        />
        <IdentifierInput
          label={t('outputs.identifier')}
          placeholder="user_id"
          value={row.identifier}
          onChange={(identifier) => onChange((now) => identifyOutput(now, identifier))}
          error={slip ? t(`slips.${slip}`) : errors[`outputs[${index}].identifier`]}
        />
        <Select
          label={t('inputs.type')}
          data={OUTPUT_TYPES.map((type) => ({ value: type, label: t(`common:types.${type}`) }))}
          value={row.type}
          onChange={(type) => set({ type: OUTPUT_TYPES.find((each) => each === type) ?? row.type })}
          error={errors[`outputs[${index}].type`]}
          withScrollArea={false}
          styles={{ dropdown: { maxHeight: 260, overflowY: 'auto' } }}
        />
        <Group className={classes.wide} justify="space-between" gap="sm">
          <Checkbox
            label={t('common:required')}
            checked={row.required}
            onChange={(event) => set({ required: event.currentTarget.checked })}
          />
          {isReadOnly ? null : (
            <RowButtons name={called} index={index} count={rows.length} onMove={onMove} onRemove={onRemove} />
          )}
        </Group>
      </div>
      {isReadOnly ? null : (
        <ListChoice
          value={row.key}
          onChange={(key, isWhole) =>
            onChange((now) => ({ ...keyOutput(now, key, others), type: isWhole ? 'json' : now.type }))
          }
        />
      )}
      <LiveResult row={row} answer={answer} />
    </EditedRow>
  );
}

/** What the answer holds, and what every answer has. */
function offered(answer: Answer | null, candidates: Candidate[], inResponse: string, builtIn: string) {
  const headers = new Set((answer?.headers ?? []).map(({ key }) => headerKey(key)));
  const found = candidates.map(({ key }) => key).filter((key) => key !== '$body');
  return [
    ...(found.length > 0 ? [{ group: inResponse, items: found }] : []),
    { group: builtIn, items: ['$status', '$body', ...headers] },
  ];
}

function headerKey(name: string): string {
  return `$headers.${name.toLowerCase()}`;
}

function Choice({ value, candidate }: { value: string; candidate: Candidate | undefined }) {
  const { t } = useTranslation('actions');
  const sample = candidate ? sampleText(candidate) : '';
  return (
    <div style={{ maxWidth: 420 }}>
      <Text size="sm" ff="monospace" truncate>
        {value}
      </Text>
      {candidate ? (
        <Text size="xs" c="dimmed" truncate>
          {t(`common:types.${candidate.type}`)}
          {sample ? ` · ${sample}` : ''}
        </Text>
      ) : null}
    </div>
  );
}
