// The fourth step: the action is run once, for real, and its answer looked at.
import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FlaskConical, Play } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Execution } from '../../api/schema';
import { useMay } from '../../api/session';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { When } from '../../components/When';
import { referencesOf } from '../integrations/steps';
import { ResponseView } from '../requests/ResponseView';
import classes from './actions.module.css';
import { firstChoice } from './credentialChoices';
import { CredentialPicker } from './CredentialPicker';
import { OutputResults } from './OutputResults';
import { credentialChoicesQuery } from './queries';
import { RunningTest } from './RunningTest';
import type { StepProps } from './stepProps';
import { goodAnswer } from './stepStates';
import { slipsOf, testBody } from './testValues';
import type { TestRun } from './useTestRun';
import type { TestSetup } from './useTestValues';
import { ValueField } from './ValueField';

interface Props extends StepProps {
  setup: TestSetup;
  test: TestRun;
  lastTest: Execution | null;
}

export function TestStep({ integration, action, editor, onStep, setup, test, lastTest }: Props) {
  const { t } = useTranslation('actions');
  const mayTest = useMay('actions:test');
  const form = useRef<HTMLDivElement>(null);
  const [isTried, setTried] = useState(false);
  const [wasSaved, setWasSaved] = useState(false);
  const [isLooking, setLooking] = useState(false);
  const client = useQueryClient();
  const choices = useQuery(credentialChoicesQuery(integration.id));
  const { inputs, request } = editor.draft;
  const isCredentialNeeded = request !== null && referencesOf(request).length > 0;
  const credentialId = firstChoice(choices.data ?? [], setup.credentialId);
  const slips = slipsOf(inputs, setup.values);
  const isRunnable = request !== null && request.endpoint !== '';
  const isBusy = test.startedAt !== null || editor.isSaving || isLooking;
  const refused = refusedInput(lastTest);

  /** The credential to run with, also for who is quicker than the list of them. */
  async function findCredential(): Promise<string | null> {
    if (choices.data) return credentialId;
    setLooking(true);
    try {
      const found = await client.ensureQueryData(credentialChoicesQuery(integration.id));
      return firstChoice(found, setup.credentialId);
    } catch {
      return null; // the picker says why
    } finally {
      setLooking(false);
    }
  }

  async function run() {
    if (isBusy || !mayTest || !isRunnable) return;
    setTried(true);
    setWasSaved(false);
    const chosen = await findCredential();
    const first = Object.keys(slips)[0] ?? (isCredentialNeeded && chosen === null ? 'credential' : null);
    if (first) {
      focusValue(form.current, first);
      return;
    }
    const isDirty = editor.dirty.length > 0;
    const saved = await editor.save('test');
    if (!saved?.isWhole) return;
    setWasSaved(isDirty);
    if (chosen) setup.setCredentialId(chosen);
    await test.run(saved.action.id, testBody(inputs, setup.values, chosen));
  }

  useHotkeys([['mod+Enter', () => void run()]], []);

  if (!action || !isRunnable) {
    const step = action ? 'request' : 'details';
    return (
      <EmptyState
        icon={<FlaskConical size={30} strokeWidth={1.5} aria-hidden />}
        title={t('test.notYet')}
        text={t(action ? 'test.needsRequest' : 'test.needsSaving')}
        order={3}
      >
        <Button variant="light" onClick={() => onStep(step)}>
          {t('test.goTo', { step: t(`steps.${step}`) })}
        </Button>
      </EmptyState>
    );
  }

  return (
    <div className={classes.sides}>
      <Stack gap="md" ref={form}>
        {inputs.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('test.noInputs')}
          </Text>
        ) : null}
        {inputs.map((input) => {
          const slip = slips[input.key];
          const isShown = slip && (isTried || (slip !== 'required' && setup.values[input.key]));
          return (
            <ValueField
              key={input.id}
              input={input}
              value={setup.values[input.key] ?? ''}
              onChange={(text) => setup.setValue(input.key, text)}
              error={isShown ? t(`test.slips.${slip}`) : refused === input.key ? t('test.refused') : undefined}
            />
          );
        })}
        <CredentialPicker
          integration={integration}
          value={credentialId}
          lastUsed={setup.credentialId}
          onChange={setup.setCredentialId}
          isRequired={isCredentialNeeded}
          error={isTried && isCredentialNeeded && credentialId === null ? t('test.chooseCredential') : undefined}
        />
        {mayTest ? (
          <Group gap="sm">
            <Button
              variant={lastTest && goodAnswer(lastTest) ? 'default' : 'filled'}
              leftSection={<Play size={16} aria-hidden />}
              loading={isBusy}
              onClick={() => void run()}
            >
              {t(lastTest ? 'test.again' : 'test.run')}
            </Button>
            <Text size="xs" c="dimmed" visibleFrom="sm">
              {t('test.shortcut')}
            </Text>
          </Group>
        ) : (
          <Alert color="gray">{t('test.mayNot')}</Alert>
        )}
        {editor.dirty.length > 0 ? (
          <Text size="xs" c="dimmed">
            {t('test.savesFirst')}
          </Text>
        ) : null}
        <Text size="xs" c="dimmed">
          {t('test.real')}
        </Text>
      </Stack>
      <section aria-labelledby="test-response" className={classes.beside}>
        <Group justify="space-between" mb="sm">
          <Title order={3} id="test-response">
            {t('test.response')}
          </Title>
          {lastTest && test.startedAt === null ? (
            <Text size="sm" c="dimmed">
              <When at={lastTest.created_at} />
            </Text>
          ) : null}
        </Group>
        <Stack gap="md">
          <div role="status">
            {wasSaved ? (
              <Text size="sm" c="dimmed">
                {t('test.savedFirst')}
              </Text>
            ) : null}
            {test.startedAt === null && !test.isStopped && wasSaved !== null && lastTest ? (
              <span className="sr-only">
                {t('test.finished', { status: lastTest.response?.status ?? t('test.noAnswer') })}
              </span>
            ) : null}
          </div>
          {test.startedAt === null ? null : <RunningTest startedAt={test.startedAt} onStop={test.stop} />}
          {test.isStopped ? <Alert color="yellow">{t('test.stopped')}</Alert> : null}
          {test.problem ? <ErrorPanel error={test.problem} /> : null}
          {test.startedAt === null && lastTest ? (
            <>
              <OutputResults execution={lastTest} />
              <ResponseView execution={lastTest} />
            </>
          ) : null}
          {test.startedAt === null && !lastTest ? (
            <Paper p="lg" style={{ borderStyle: 'dashed', background: 'transparent' }}>
              <Text size="sm" c="dimmed" ta="center">
                {t('test.nothingYet')}
              </Text>
            </Paper>
          ) : null}
        </Stack>
      </section>
    </div>
  );
}

/** The input that the server refused, by the key it names. */
function refusedInput(execution: Execution | null): string | null {
  if (execution?.outcome !== 'input_invalid') return null;
  return /^Input "([a-z0-9_]+)"/.exec(execution.error?.message ?? '')?.[1] ?? null;
}

function focusValue(form: HTMLElement | null, key: string) {
  const field = form?.querySelector<HTMLElement>(`[data-value="${CSS.escape(key)}"]`);
  (field?.matches('input, [tabindex]') ? field : field?.querySelector<HTMLElement>('input'))?.focus();
}
