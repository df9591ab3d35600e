// The first step of a new channel: what it is called, and the ids of its number.
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import type { ChannelSettings } from '../../api/schema';
import { useMay } from '../../api/session';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ForbiddenState } from '../../components/ForbiddenState';
import { Form } from '../../components/Form';
import { PageHeader } from '../../components/PageHeader';
import { WithCode } from '../../components/WithCode';
import { cleanId } from './channel';
import { IdsForm, idsErrors, type Ids } from './IdsForm';
import { Panel } from './Panel';
import { createChannel, useShown } from './queries';
import { SetupSteps } from './SetupSteps';

const EMPTY: Ids = { name: '', phone_number_id: '', waba_id: '' };
const NO_SLIPS = {};

export function NewChannelPage() {
  const { t } = useTranslation('channels');
  const mayWrite = useMay('channels:write');
  const navigate = useNavigate();
  const show = useShown();
  const [value, setValue] = useState(EMPTY);
  const [baseUrl, setBaseUrl] = useState<string | null>(null);
  const [slips, setSlips] = useState<Record<string, string>>(NO_SLIPS);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (!mayWrite) return <ForbiddenState />;

  const live = slips === NO_SLIPS ? NO_SLIPS : idsErrors(value, t);
  const errors: Record<string, string> = { ...(error ? asProblem(error).byPath : {}), ...live };

  async function save() {
    const cleaned = { ...value, phone_number_id: cleanId(value.phone_number_id), waba_id: cleanId(value.waba_id) };
    const found = idsErrors(cleaned, t);
    setValue(cleaned);
    setSlips(found);
    setError(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const { name, ...ids } = cleaned;
      const settings = { ...ids, ...(baseUrl ? { base_url: baseUrl } : {}) } as ChannelSettings;
      const made = await createChannel({ name, kind: 'whatsapp', settings });
      await show(made);
      await navigate({ to: '/channels/$channelId/setup', params: { channelId: made.id }, search: { step: 'secrets' } });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <PageHeader
        title={t('new.title')}
        description={t('new.text')}
        parents={[{ label: t('list.title'), to: '/channels' }]}
      />
      <Stack gap="lg">
        <SetupSteps current="number" channelId={null} />
        <Panel title={t('setup.number.title')} text={t('setup.number.text')}>
          <Form onSubmit={() => (isBusy ? undefined : save())}>
            <Stack gap="md">
              <Alert role="note" color="gray" title={t('setup.inMeta')}>
                <WithCode text={t('setup.number.inMeta')} />
              </Alert>
              <IdsForm value={value} onChange={setValue} errors={errors} />
              {baseUrl === null ? (
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  onClick={() => setBaseUrl('')}
                  style={{ alignSelf: 'flex-start' }}
                >
                  {t('form.standIn')}
                </Button>
              ) : (
                <TextInput
                  label={t('form.base_url')}
                  description={t('form.base_urlHint')}
                  placeholder="http://127.0.0.1:9010"
                  value={baseUrl}
                  onChange={(event) => setBaseUrl(event.currentTarget.value)}
                  error={errors['settings.base_url']}
                  maw={520}
                  spellCheck={false}
                  autoComplete="off"
                />
              )}
              {error ? <ErrorPanel error={error} isFieldsShown={Object.keys(errors).length > 0} /> : null}
              <Group>
                <Button type="submit" loading={isBusy}>
                  {t('common:saveAndContinue')}
                </Button>
              </Group>
            </Stack>
          </Form>
        </Panel>
      </Stack>
    </>
  );
}
