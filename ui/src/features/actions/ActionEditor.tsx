// Edits one action in five steps, all within reach: details, inputs, request, test, outputs.
import { Button, Group, Paper, Tabs, Text, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import type { Action, Integration } from '../../api/schema';
import { useMay } from '../../api/session';
import { MethodBadge } from '../../components/badges';
import { PageHeader } from '../../components/PageHeader';
import { UnsavedGuard } from '../../components/UnsavedGuard';
import { ACTION_STEPS, type ActionStep } from '../../routes/integrations';
import { Logo } from '../integrations/Logo';
import classes from './actions.module.css';
import { DetailsStep } from './DetailsStep';
import { EditorNotices } from './EditorNotices';
import { InputsStep } from './InputsStep';
import { OutputsStep } from './OutputsStep';
import { lastTestQuery } from './queries';
import { RequestStep } from './RequestStep';
import { SaveState } from './SaveState';
import { goodAnswer, stepStates } from './stepStates';
import { StepTabs } from './StepTabs';
import { TestStep } from './TestStep';
import { useActionEditor } from './useActionEditor';
import { useTestRun } from './useTestRun';
import { useTestValues } from './useTestValues';

interface Props {
  integration: Integration;
  /** Null where there is none yet. */
  action: Action | null;
  step: ActionStep;
  /** The step was come to by working on, so it has the focus. */
  isEntered?: boolean;
  onStep: (step: ActionStep) => void;
  /** Something was saved; `next` is null where all is done. */
  onSaved: (action: Action, next: ActionStep | null) => void;
}

export function ActionEditor({ integration, action, step, isEntered = false, onStep, onSaved }: Props) {
  const { t } = useTranslation('actions');
  const isReadOnly = !useMay('actions:write');
  const mayRead = useMay('executions:read');
  const editor = useActionEditor(integration.id, action);
  const setup = useTestValues(action?.id ?? null, editor.draft.is_private);
  const test = useTestRun();
  const query = useQuery({ ...lastTestQuery(action?.id ?? ''), enabled: action !== null && mayRead });
  const lastTest = query.data ?? null;
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef<ActionStep | null>(isEntered ? null : step);
  const { draft } = editor;
  const next = ACTION_STEPS[ACTION_STEPS.indexOf(step) + 1] ?? null;
  const states = stepStates({ draft, isSaved: action !== null, errors: editor.errors, lastTest });
  const isDirty = editor.dirty.length > 0 && !isReadOnly;

  useEffect(() => {
    if (shown.current !== step) heading.current?.focus();
    shown.current = step;
  }, [step]);

  async function save(isMovingOn: boolean) {
    const saved = await editor.save(step);
    if (!saved) return;
    if (isMovingOn && next === null && !saved.isWhole) return;
    if (isMovingOn || !action) onSaved(saved.action, isMovingOn ? next : step);
  }

  useHotkeys([['mod+S', () => void (isReadOnly ? undefined : save(false))]], []);

  const props = { integration, action, editor, isReadOnly, onStep };
  return (
    <>
      <UnsavedGuard isDirty={isDirty && !editor.isSaving} />
      <PageHeader
        title={draft.name.trim() || t(action ? 'editor.unnamed' : 'editor.new')}
        icon={<Logo name={integration.name} integrationId={integration.id} logoUrl={integration.logo_url} size={36} />}
        parents={[
          { label: t('editor.integrations'), to: '/integrations' },
          { label: integration.name, to: `/integrations/${integration.id}/actions` },
        ]}
      >
        {draft.request ? <MethodBadge method={draft.request.method} /> : null}
        {isReadOnly ? (
          <Text size="sm" c="dimmed">
            {t('editor.readOnly')}
          </Text>
        ) : (
          <SaveState
            isSaving={editor.isSaving}
            isDirty={isDirty}
            hasFailed={editor.problem !== null}
            isSaved={action !== null}
            onRetry={() => void save(false)}
          />
        )}
      </PageHeader>
      <Tabs
        value={step}
        onChange={(value) => onStep(ACTION_STEPS.find((each) => each === value) ?? 'details')}
        variant="unstyled"
        keepMounted={false}
        activateTabWithKeyboard={false}
      >
        <StepTabs states={states} />
        <Tabs.Panel value={step}>
          <Paper className={classes.panel}>
            <Title order={2} ref={heading} tabIndex={-1} className={classes.heading}>
              {t(`steps.${step}`)}
            </Title>
            <Text size="sm" c="dimmed" maw={720} mb="lg">
              {t(`steps.help.${step}`)}
            </Text>
            <EditorNotices editor={editor} step={step} onStep={onStep} />
            {step === 'details' ? <DetailsStep {...props} /> : null}
            {step === 'inputs' ? <InputsStep {...props} /> : null}
            {step === 'request' ? <RequestStep {...props} values={setup.values} /> : null}
            {step === 'test' ? <TestStep {...props} setup={setup} test={test} lastTest={lastTest} /> : null}
            {step === 'outputs' ? <OutputsStep {...props} lastTest={lastTest} /> : null}
          </Paper>
        </Tabs.Panel>
      </Tabs>
      <Group justify="space-between" className={classes.footer} gap="sm">
        <BackButton step={step} onStep={onStep} />
        <Group gap="sm">
          {isDirty && action ? (
            <Button variant="default" disabled={editor.isSaving} onClick={() => void save(false)}>
              {t('common:save')}
            </Button>
          ) : null}
          <OnButton
            step={step}
            isDirty={isDirty || (!action && !isReadOnly)}
            isReadOnly={isReadOnly}
            isBusy={editor.isSaving}
            isQuiet={step === 'test' && !(lastTest && goodAnswer(lastTest))}
            onSave={() => void save(true)}
            onNext={() => {
              if (next) onStep(next);
            }}
          />
        </Group>
      </Group>
    </>
  );
}

function BackButton({ step, onStep }: { step: ActionStep; onStep: (step: ActionStep) => void }) {
  const { t } = useTranslation('actions');
  const before = ACTION_STEPS[ACTION_STEPS.indexOf(step) - 1];
  if (!before) return <span />;
  return (
    <Button
      variant="subtle"
      color="gray"
      leftSection={<ArrowLeft size={16} aria-hidden />}
      onClick={() => onStep(before)}
    >
      {t('common:back')}
    </Button>
  );
}

interface OnProps {
  step: ActionStep;
  isDirty: boolean;
  isReadOnly: boolean;
  isBusy: boolean;
  /** Another button is the likelier one. */
  isQuiet: boolean;
  onSave: () => void;
  onNext: () => void;
}

/** The way on: save and continue, continue, or finish. */
function OnButton({ step, isDirty, isReadOnly, isBusy, isQuiet, onSave, onNext }: OnProps) {
  const { t } = useTranslation('actions');
  const isLast = step === 'outputs';
  if (isLast && isReadOnly) return null;
  if (isLast || isDirty) {
    return (
      <Button variant={isQuiet ? 'default' : 'filled'} loading={isBusy} onClick={onSave}>
        {t(isLast ? 'editor.saveAction' : 'common:saveAndContinue')}
      </Button>
    );
  }
  return (
    <Button
      variant={isQuiet ? 'default' : 'filled'}
      rightSection={<ArrowRight size={16} aria-hidden />}
      onClick={onNext}
    >
      {t('common:next')}
    </Button>
  );
}
