// The second step: the values an action is given by the conversation.
import { Button, Stack, Text } from '@mantine/core';
import { ListPlus, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { EmptyState } from '../../components/EmptyState';
import { moveRow } from '../../components/rows';
import { useRowFocus } from '../../components/useRowFocus';
import { newInput, referredAs, type InputRow as Row } from './draft';
import { renameInput } from './inputReferences';
import { InputRow } from './InputRow';
import { RemoveInputDialog } from './RemoveInputDialog';
import type { StepProps } from './stepProps';

export const MOST_ROWS = 100;

export function InputsStep({ editor, isReadOnly }: StepProps) {
  const { t } = useTranslation('actions');
  const { draft, edit, errors } = editor;
  const { list, focusRow } = useRowFocus();
  const [asked, setAsked] = useState<{ row: Row; referred: string } | null>(null);
  const [said, setSaid] = useState('');
  const { inputs, request } = draft;

  function add() {
    const row = newInput();
    edit((now) => ({ inputs: [...now.inputs, row] }));
    focusRow(row.id);
  }

  function remove(row: Row, referred: string | null) {
    const index = inputs.findIndex(({ id }) => id === row.id);
    edit((now) => ({
      inputs: now.inputs.filter(({ id }) => id !== row.id),
      request: now.request && referred !== null ? renameInput(now.request, referred, null) : now.request,
    }));
    focusRow((inputs[index + 1] ?? inputs[index - 1])?.id ?? null);
  }

  function askToRemove(row: Row) {
    const referred = referredAs(row, inputs, request);
    if (referred === null) remove(row, null);
    else setAsked({ row, referred });
  }

  function move(index: number, by: 1 | -1) {
    const row = inputs[index]!;
    edit((now) => ({ inputs: moveRow(now.inputs, index, by) }));
    focusRow(row.id, by === 1 ? 'down' : 'up');
    setSaid(t('rows.moved', { name: row.name || row.key, at: index + by + 1, total: inputs.length }));
  }

  const addButton = (
    <Button
      data-add
      variant={inputs.length === 0 ? 'light' : 'default'}
      leftSection={<Plus size={16} aria-hidden />}
      onClick={add}
      disabled={inputs.length >= MOST_ROWS}
    >
      {t('inputs.add')}
    </Button>
  );

  return (
    <Stack gap="md" ref={list}>
      <Text role="status" className="sr-only">
        {said}
      </Text>
      {errors.inputs ? (
        <Text c="red" size="sm">
          {errors.inputs}
        </Text>
      ) : null}
      {inputs.length === 0 ? (
        <EmptyState
          icon={<ListPlus size={30} strokeWidth={1.5} aria-hidden />}
          title={t('inputs.empty')}
          text={t('inputs.emptyText')}
          order={3}
        >
          {isReadOnly ? null : addButton}
        </EmptyState>
      ) : (
        <>
          <Stack gap="sm" component="ol" m={0} p={0}>
            {inputs.map((row, index) => (
              <InputRow
                key={row.id}
                row={row}
                index={index}
                rows={inputs}
                request={request}
                errors={errors}
                isReadOnly={isReadOnly}
                onChange={(changed) =>
                  edit((now) => ({ inputs: now.inputs.map((each) => (each.id === row.id ? changed : each)) }))
                }
                onRename={(from, to) =>
                  edit((now) => ({
                    request: now.request && renameInput(now.request, from, to),
                    inputs: now.inputs.map((each) => (each.id === row.id ? { ...each, knownAs: to } : each)),
                  }))
                }
                onMove={(by) => move(index, by)}
                onRemove={() => askToRemove(row)}
              />
            ))}
          </Stack>
          {isReadOnly ? null : <div>{addButton}</div>}
        </>
      )}
      {asked ? (
        <RemoveInputDialog
          name={asked.row.name || asked.row.key}
          referred={asked.referred}
          request={request}
          onClose={() => setAsked(null)}
          onRemove={(hasReferences) => remove(asked.row, hasReferences ? asked.referred : null)}
        />
      ) : null}
    </Stack>
  );
}
