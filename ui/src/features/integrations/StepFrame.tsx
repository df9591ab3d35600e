// What every step of the set-up has in common: its name, what it is for, whether a draft is open, and the way on.
import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight, History } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ErrorPanel } from '../../components/ErrorPanel';
import { Form } from '../../components/Form';
import { UnsavedGuard } from '../../components/UnsavedGuard';
import { stepPath, STEPS, type Step } from './steps';
import type { KeptForm } from './useKeptForm';

interface Props {
  step: Step;
  title: string;
  text: ReactNode;
  integrationId: string | null;
  form: Pick<KeptForm<object>, 'isDirty' | 'isRestored' | 'isOutdated' | 'discard'>;
  /** False where the role only reads. */
  isEditable: boolean;
  isBusy: boolean;
  /** What the server refused. */
  error: unknown;
  /** What was wrong before the server was asked, by path. */
  slips: Record<string, string>;
  onSave: (goesOn: boolean) => void;
  /** Beside the form, outside of its frame. */
  after?: ReactNode;
  /** Whether there is something to save although nothing was edited: a page that makes a new thing. */
  isNew?: boolean;
  /** Enter in an input saves nothing: it means something else there. */
  isEnterInert?: boolean;
  children: ReactNode;
}

export function StepFrame(props: Props) {
  const {
    step,
    title,
    text,
    integrationId,
    form,
    isEditable,
    isBusy,
    error,
    slips,
    onSave,
    after,
    isNew = false,
    isEnterInert = false,
    children,
  } = props;
  const { t } = useTranslation('integrations');
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error || Object.keys(slips).length > 0)
      body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error, slips]);
  const at = STEPS.indexOf(step);
  const [before, next] = [STEPS[at - 1], STEPS[at + 1]];
  const save = (goesOn: boolean) => {
    if (!isBusy) onSave(goesOn);
  };
  const saves = isEditable && (form.isDirty || isNew);
  return (
    <Stack gap="lg">
      <UnsavedGuard isDirty={form.isDirty && !isBusy} />
      <Frame onSubmit={isEnterInert ? null : () => save(true)}>
        <Paper p={{ base: 'md', sm: 'xl' }} style={{ background: 'var(--recado-raised)' }}>
          <Stack gap="lg" ref={body}>
            <div>
              <Title order={2}>{title}</Title>
              <Text size="sm" c="dimmed" maw={680} component="div">
                {text}
              </Text>
            </div>
            {form.isRestored ? (
              <Alert
                color={form.isOutdated ? 'yellow' : 'gray'}
                icon={<History size={18} aria-hidden />}
                title={t('common:draftKept')}
                role="status"
              >
                <Text size="sm">{t(form.isOutdated ? 'draft.outdated' : 'draft.restored')}</Text>
                <Button size="xs" variant="default" mt="xs" onClick={form.discard}>
                  {t('common:discard')}
                </Button>
              </Alert>
            ) : null}
            {children}
            {error ? <ErrorPanel error={error} isFieldsShown /> : null}
            <Group justify="space-between" gap="sm">
              {before && integrationId ? (
                <Button
                  component={Link}
                  to={stepPath(before, integrationId)}
                  variant="subtle"
                  color="gray"
                  leftSection={<ArrowLeft size={16} aria-hidden />}
                >
                  {t('common:back')}
                </Button>
              ) : (
                <span />
              )}
              <Group gap="sm">
                {saves && !isNew ? (
                  <Text size="sm" c="dimmed" role="status">
                    {t('common:unsavedChanges')}
                  </Text>
                ) : null}
                {saves && !isNew ? (
                  <Button variant="default" disabled={isBusy} onClick={() => save(false)}>
                    {t('common:save')}
                  </Button>
                ) : null}
                {saves ? (
                  <Button
                    type={isEnterInert ? 'button' : 'submit'}
                    onClick={isEnterInert ? () => save(true) : undefined}
                    loading={isBusy}
                  >
                    {t('common:saveAndContinue')}
                  </Button>
                ) : next && integrationId ? (
                  <Button
                    component={Link}
                    to={stepPath(next, integrationId)}
                    rightSection={<ArrowRight size={16} aria-hidden />}
                  >
                    {t('common:next')}
                  </Button>
                ) : null}
              </Group>
            </Group>
          </Stack>
        </Paper>
      </Frame>
      {after}
    </Stack>
  );
}

/** A form that Enter sends, or, where Enter means something else, just a frame. */
function Frame({ onSubmit, children }: { onSubmit: (() => void) | null; children: ReactNode }) {
  if (!onSubmit) return <div>{children}</div>;
  return <Form onSubmit={onSubmit}>{children}</Form>;
}
