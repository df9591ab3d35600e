// The settings of a saved integration, its file, its certificates, and its end.
import { Accordion, Textarea } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import type { Integration } from '../../api/schema';
import { DangerZone } from './DangerZone';
import { IntegrationForm, settingsErrors, type SettingsValue } from './IntegrationForm';
import { StepFrame } from './StepFrame';
import { useKeptForm } from './useKeptForm';
import { useStep } from './useStep';

interface Value extends SettingsValue {
  ca_certificates: string;
}

const NO_SLIPS = {};
const route = getRouteApi('/signed-in/integrations/$integrationId/settings');

const valueOf = ({ name, description, logo_url, ca_certificates }: Integration): Value => ({
  name,
  description,
  logo_url: logo_url ?? '',
  ca_certificates: ca_certificates ?? '',
});

export function SettingsStep() {
  const { integrationId } = route.useParams();
  const { t } = useTranslation('integrations');
  const { integration, mayWrite, updating, goOn } = useStep('settings', integrationId);
  const form = useKeptForm(`integrations.${integrationId}.settings`, valueOf(integration), integration.updated_at);
  const [slips, setSlips] = useState<Record<string, string>>(NO_SLIPS);
  const live = slips === NO_SLIPS ? NO_SLIPS : settingsErrors(form.value, t);
  const errors: Record<string, string> = { ...(updating.error ? asProblem(updating.error).byPath : {}), ...live };

  async function save(goesOn: boolean) {
    const found = settingsErrors(form.value, t);
    setSlips(found);
    if (Object.keys(found).length > 0) return;
    const { logo_url, ca_certificates, ...words } = form.value;
    await updating.mutateAsync({
      change: { ...words, logo_url: logo_url.trim() || null, ca_certificates: ca_certificates.trim() || null },
    });
    form.discard();
    if (goesOn) await goOn();
  }

  return (
    <StepFrame
      step="settings"
      title={t('settings.title')}
      text={t('settings.text')}
      integrationId={integrationId}
      form={form}
      isEditable={mayWrite}
      isBusy={updating.isPending}
      error={updating.error}
      slips={slips}
      onSave={(goesOn) => void save(goesOn).catch(() => undefined)}
      after={<DangerZone integration={integration} />}
    >
      <IntegrationForm
        value={form.value}
        onChange={(value) => form.set({ ...form.value, ...value })}
        errors={errors}
        isReadOnly={!mayWrite}
        saved={integration}
      />
      <Accordion
        variant="contained"
        maw={640}
        defaultValue={form.value.ca_certificates || errors.ca_certificates ? 'certificates' : null}
        order={3}
      >
        <Accordion.Item value="certificates">
          <Accordion.Control icon={<ShieldCheck size={18} aria-hidden />}>{t('certificates.title')}</Accordion.Control>
          <Accordion.Panel>
            <Textarea
              label={t('certificates.label')}
              description={t('certificates.hint')}
              placeholder="-----BEGIN CERTIFICATE-----"
              value={form.value.ca_certificates}
              onChange={(event) => form.set({ ...form.value, ca_certificates: event.currentTarget.value })}
              error={errors.ca_certificates}
              readOnly={!mayWrite}
              minRows={4}
              maxRows={14}
              spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
            />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </StepFrame>
  );
}
