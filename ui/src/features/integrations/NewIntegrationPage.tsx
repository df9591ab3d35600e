// The first step of a new integration: its name, description, logo and kind of authentication.
import { Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import { useMay } from '../../api/session';
import { ForbiddenState } from '../../components/ForbiddenState';
import { PageHeader } from '../../components/PageHeader';
import { EMPTY_SETTINGS, IntegrationForm, settingsErrors } from './IntegrationForm';
import { useCreateIntegration } from './queries';
import { StepFrame } from './StepFrame';
import { STEPS, type Step, type StepState } from './steps';
import { StepsNav } from './StepsNav';
import { useKeptForm } from './useKeptForm';

const NO_SLIPS = {};
const NOTHING_DONE = Object.fromEntries(STEPS.map((step) => [step, 'missing'])) as Record<Step, StepState>;

export function NewIntegrationPage() {
  const { t } = useTranslation('integrations');
  const navigate = useNavigate();
  const mayWrite = useMay('integrations:write');
  const creating = useCreateIntegration();
  const form = useKeptForm('integrations.new', EMPTY_SETTINGS, '');
  const [slips, setSlips] = useState<Record<string, string>>(NO_SLIPS);

  if (!mayWrite) return <ForbiddenState />;

  async function save() {
    const found = settingsErrors(form.value, t);
    setSlips(found);
    if (Object.keys(found).length > 0) return;
    const { name, description, logo_url } = form.value;
    const made = await creating.mutateAsync({ name, description, logo_url: logo_url.trim() || null });
    form.discard();
    await navigate({
      to: '/integrations/$integrationId/authentication',
      params: { integrationId: made.id },
      ignoreBlocker: true,
    });
  }

  const live = slips === NO_SLIPS ? NO_SLIPS : settingsErrors(form.value, t);
  const problem = creating.error ? asProblem(creating.error) : null;
  return (
    <>
      <PageHeader
        title={t('new.title')}
        description={t('new.text')}
        parents={[{ label: t('list.title'), to: '/integrations' }]}
      />
      <Stack gap="lg">
        <StepsNav current="settings" integrationId={null} states={NOTHING_DONE} />
        <StepFrame
          step="settings"
          title={t('settings.title')}
          text={t('settings.text')}
          integrationId={null}
          form={form}
          isEditable
          isNew
          isBusy={creating.isPending}
          error={creating.error}
          slips={slips}
          onSave={() => void save().catch(() => undefined)}
        >
          <IntegrationForm value={form.value} onChange={form.set} errors={{ ...problem?.byPath, ...live }} />
        </StepFrame>
      </Stack>
    </>
  );
}
