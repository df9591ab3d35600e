// Makes a webhook, or changes whom it tells and what of.
import { Checkbox, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../../api/client';
import type { Webhook } from '../../../api/schema';
import { Dialog, DialogForm } from '../../../components/Dialog';
import { ErrorPanel } from '../../../components/ErrorPanel';
import { useSaving } from '../../../components/useSaving';
import { EVENT_TYPES, textName, type EventType } from './queries';

interface Props {
  webhook: Webhook | null;
  onClose: () => void;
  /** Hears the secret of a new one. */
  onSaved: (secret: string | null) => Promise<unknown>;
}

const FIRST: EventType[] = ['conversation.finished', 'conversation.handed_over'];

export function WebhookDialog({ webhook, onClose, onSaved }: Props) {
  const { t } = useTranslation('webhooks');
  const [form, setForm] = useState({
    name: webhook?.name ?? '',
    url: webhook?.url ?? '',
    events: (webhook?.events as EventType[] | undefined) ?? FIRST,
    includes_simulator: webhook?.includes_simulator ?? false,
  });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));
  const isWhole = form.name.trim() !== '' && form.url.trim() !== '' && form.events.length > 0;

  const { save, isBusy, wrong, problem } = useSaving(Object.keys(form), async () => {
    if (webhook) {
      const params = { path: { webhook_id: webhook.id } };
      await data(api.PATCH('/api/v1/webhooks/{webhook_id}', { params, body: form }));
      await onSaved(null);
    } else {
      const made = await data(api.POST('/api/v1/webhooks', { body: form }));
      await onSaved(made.secret);
    }
    onClose();
  });

  return (
    <Dialog onClose={onClose} size="lg" title={webhook ? t('editTitle', { name: webhook.name }) : t('add')}>
      <DialogForm
        onSubmit={save}
        onCancel={onClose}
        submitLabel={webhook ? t('common:save') : t('make')}
        isBusy={isBusy}
        isReady={isWhole}
      >
        <TextInput
          label={t('common:name')}
          description={t('nameHint')}
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={wrong.name}
          data-autofocus
          autoComplete="off"
        />
        <TextInput
          label={t('url')}
          description={t('urlHint')}
          placeholder="https://crm.acme.example/recado"
          type="url"
          value={form.url}
          onChange={(event) => set({ url: event.currentTarget.value })}
          error={wrong.url}
          autoComplete="off"
          spellCheck={false}
        />
        <Checkbox.Group
          label={t('events')}
          value={form.events}
          onChange={(events) => set({ events: events as EventType[] })}
          error={wrong.events}
        >
          <Stack gap="sm" mt="xs">
            {EVENT_TYPES.map((type) => (
              <Checkbox
                key={type}
                value={type}
                label={t(`types.${textName(type)}`)}
                description={t(`typeTexts.${textName(type)}`)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Switch
          label={t('includesSimulator')}
          description={t('includesSimulatorHint')}
          checked={form.includes_simulator}
          onChange={(event) => set({ includes_simulator: event.currentTarget.checked })}
        />
        {problem ? <ErrorPanel error={problem} /> : null}
      </DialogForm>
    </Dialog>
  );
}
