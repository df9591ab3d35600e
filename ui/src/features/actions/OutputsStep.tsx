// The fifth step: which parts of the answer go back into the conversation.
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { FlaskConical, MousePointerClick, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Candidate, Execution } from '../../api/schema';
import { EmptyState } from '../../components/EmptyState';
import { moveRow } from '../../components/rows';
import { useRowFocus } from '../../components/useRowFocus';
import { When } from '../../components/When';
import { BodyPanel } from '../responses/BodyPanel';
import { listCandidates } from '../responses/candidates';
import { sameKey } from '../responses/keys';
import { suggestIdentifier } from '../responses/outputs';
import { StatusBadge } from '../responses/StatusBadge';
import classes from './actions.module.css';
import { identifiersOf, nameOfKey, newOutput } from './draft';
import { MOST_ROWS } from './InputsStep';
import { OutputRow } from './OutputRow';
import type { StepProps } from './stepProps';
import { goodAnswer } from './stepStates';

export function OutputsStep({ editor, isReadOnly, onStep, lastTest }: StepProps & { lastTest: Execution | null }) {
  const { t } = useTranslation('actions');
  const { draft, edit, errors } = editor;
  const { outputs } = draft;
  const { list, focusRow } = useRowFocus();
  const [said, setSaid] = useState('');
  const answer = useMemo(() => lastTest && goodAnswer(lastTest), [lastTest]);
  const candidates = useMemo(() => (answer ? listCandidates(answer) : []), [answer]);
  const picked = useMemo(() => new Set(outputs.map(({ key }) => sameKey(key))), [outputs]);
  const isFull = outputs.length >= MOST_ROWS;

  function add() {
    const row = newOutput();
    edit((now) => ({ outputs: [...now.outputs, row] }));
    focusRow(row.id);
  }

  function pick({ key, type, sample }: Candidate) {
    const known = outputs.find((each) => sameKey(each.key) === key);
    if (known) {
      focusRow(known.id);
      return;
    }
    if (isFull) return;
    const row = {
      ...newOutput(),
      key,
      name: nameOfKey(key),
      identifier: suggestIdentifier(key, identifiersOf(outputs)),
      type,
      required: type === 'json' || sample !== null || (answer?.isShape ?? false),
    };
    edit((now) => ({ outputs: [...now.outputs, row] }));
    setSaid(t('outputs.added', { name: row.name }));
  }

  function remove(index: number) {
    const row = outputs[index]!;
    edit((now) => ({ outputs: now.outputs.filter(({ id }) => id !== row.id) }));
    focusRow((outputs[index + 1] ?? outputs[index - 1])?.id ?? null);
  }

  function move(index: number, by: 1 | -1) {
    const row = outputs[index]!;
    edit((now) => ({ outputs: moveRow(now.outputs, index, by) }));
    focusRow(row.id, by === 1 ? 'down' : 'up');
    setSaid(t('rows.moved', { name: row.name || row.key, at: index + by + 1, total: outputs.length }));
  }

  return (
    <div className={classes.sides}>
      <Stack gap="md" ref={list}>
        <Text role="status" className="sr-only">
          {said}
        </Text>
        <Text size="sm" c="dimmed">
          {t('outputs.required')}
        </Text>
        {errors.outputs ? (
          <Text c="red" size="sm">
            {errors.outputs}
          </Text>
        ) : null}
        {outputs.length === 0 ? (
          <EmptyState
            icon={<MousePointerClick size={30} strokeWidth={1.5} aria-hidden />}
            title={t('outputs.empty')}
            text={t(answer ? 'outputs.emptyPick' : 'outputs.emptyText')}
            order={3}
          />
        ) : (
          <Stack gap="sm" component="ol" m={0} p={0}>
            {outputs.map((row, index) => (
              <OutputRow
                key={row.id}
                row={row}
                index={index}
                rows={outputs}
                answer={answer}
                candidates={candidates}
                errors={errors}
                isReadOnly={isReadOnly}
                onChange={(change) =>
                  edit((now) => ({ outputs: now.outputs.map((each) => (each.id === row.id ? change(each) : each)) }))
                }
                onMove={(by) => move(index, by)}
                onRemove={() => remove(index)}
              />
            ))}
          </Stack>
        )}
        {isReadOnly ? null : (
          <Group gap="sm">
            <Button
              data-add
              variant="default"
              leftSection={<Plus size={16} aria-hidden />}
              onClick={add}
              disabled={isFull}
            >
              {t('outputs.add')}
            </Button>
          </Group>
        )}
      </Stack>
      <section aria-labelledby="last-response" className={classes.beside}>
        <Group justify="space-between" mb="sm">
          <Title order={3} id="last-response">
            {t('outputs.lastResponse')}
          </Title>
          {lastTest ? (
            <Group gap="xs">
              {lastTest.response ? <StatusBadge status={lastTest.response.status} /> : null}
              <Text size="sm" c="dimmed">
                <When at={lastTest.created_at} />
              </Text>
            </Group>
          ) : null}
        </Group>
        {lastTest?.response ? (
          <Stack gap="sm">
            {answer ? null : (
              <Alert color="yellow">{t('outputs.failedResponse', { status: lastTest.response.status })}</Alert>
            )}
            <BodyPanel
              response={lastTest.response}
              onPick={isReadOnly || !answer ? undefined : pick}
              picked={picked}
              key={lastTest.id}
            />
          </Stack>
        ) : (
          <EmptyState
            icon={<FlaskConical size={30} strokeWidth={1.5} aria-hidden />}
            title={t('outputs.noTest')}
            text={t('outputs.noTestText')}
            order={3}
          >
            <Button variant="light" onClick={() => onStep('test')}>
              {t('test.goTo', { step: t('steps.test') })}
            </Button>
          </EmptyState>
        )}
      </section>
    </div>
  );
}
