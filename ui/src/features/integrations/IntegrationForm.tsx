// An integration's own settings: name, description, logo, and how its API knows who calls.
import { Group, Paper, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Logo } from './Logo';

export interface SettingsValue {
  name: string;
  description: string;
  logo_url: string;
}

export const EMPTY_SETTINGS: SettingsValue = { name: '', description: '', logo_url: '' };
const MAX_NAME = 200;
const MAX_DESCRIPTION = 2000;

interface Props {
  value: SettingsValue;
  onChange: (value: SettingsValue) => void;
  /** Sentences by path. */
  errors: Record<string, string>;
  isReadOnly?: boolean;
  /** The saved integration, whose logo the server can fetch. */
  saved?: { id: string; logo_url: string | null };
}

export function IntegrationForm({ value, onChange, errors, isReadOnly = false, saved }: Props) {
  const { t } = useTranslation('integrations');
  const isLogoSaved = saved !== undefined && (saved.logo_url ?? '') === value.logo_url.trim();
  const picture = isLogoSaved ? { integrationId: saved.id, logoUrl: saved.logo_url } : {};
  return (
    <Group align="flex-start" gap={48} wrap="nowrap">
      <Stack gap="lg" maw={640} flex={1}>
        <TextInput
          label={t('form.name')}
          description={t('form.nameHint')}
          value={value.name}
          onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
          error={errors.name}
          maxLength={MAX_NAME}
          readOnly={isReadOnly}
          autoComplete="off"
          required
        />
        <Textarea
          label={t('form.description')}
          description={t('form.descriptionHint')}
          value={value.description}
          onChange={(event) => onChange({ ...value, description: event.currentTarget.value })}
          error={errors.description}
          maxLength={MAX_DESCRIPTION}
          readOnly={isReadOnly}
          minRows={2}
          maxRows={8}
        />
        <Group align="flex-start" gap="md" wrap="nowrap">
          <Logo name={value.name} {...picture} size={64} />
          <TextInput
            style={{ flex: 1, minWidth: 0 }}
            label={t('form.logo')}
            description={t(isLogoSaved || value.logo_url.trim() === '' ? 'form.logoHint' : 'form.logoLater')}
            placeholder="https://www.acme.example/logo.png"
            type="url"
            inputMode="url"
            value={value.logo_url}
            onChange={(event) => onChange({ ...value, logo_url: event.currentTarget.value })}
            error={errors.logo_url}
            readOnly={isReadOnly}
            autoComplete="off"
            spellCheck={false}
          />
        </Group>
        <Radio.Group value="api_key" label={t('form.scheme')} description={t('form.schemeHint')}>
          <Radio mt="sm" value="api_key" label={t('form.apiKey')} description={t('form.apiKeyHint')} />
        </Radio.Group>
      </Stack>
      <Stack gap="xs" visibleFrom="lg" w={300} aria-hidden>
        <Text size="xs" c="dimmed">
          {t('form.preview')}
        </Text>
        <Paper p="md" style={{ background: 'var(--recado-page)' }}>
          <Group gap="sm" wrap="nowrap" align="flex-start">
            <Logo name={value.name} {...picture} size={44} />
            <Stack gap={2} style={{ minWidth: 0, flex: 1 }}>
              <Text fw={650} lineClamp={2} className="breaks">
                {value.name.trim() || t('form.previewName')}
              </Text>
              <Text size="sm" c="dimmed" lineClamp={2} className="breaks">
                {value.description.trim() || t('card.noDescription')}
              </Text>
            </Stack>
          </Group>
        </Paper>
      </Stack>
    </Group>
  );
}

/** What can be told before the server is asked. */
export function settingsErrors(
  value: SettingsValue,
  t: (key: 'form.nameMissing' | 'form.logoNotHttps') => string,
): Record<string, string> {
  const errors: Record<string, string> = {};
  if (value.name.trim() === '') errors.name = t('form.nameMissing');
  if (value.logo_url.trim() !== '' && !/^https:\/\/[^/]/i.test(value.logo_url.trim()))
    errors.logo_url = t('form.logoNotHttps');
  return errors;
}
