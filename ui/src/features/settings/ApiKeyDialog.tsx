// Makes an API key and shows its text, this once.
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import { Dialog, DialogForm } from '../../components/Dialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ShownOnceDialog } from '../../components/ShownOnceDialog';
import { useSaving } from '../../components/useSaving';
import type { Role } from './roles';
import { RoleSelect } from './RoleSelect';

const DAYS = ['7', '30', '90', '180', '365'];

export function ApiKeyDialog({ onClose, onMade }: { onClose: () => void; onMade: () => Promise<unknown> }) {
  const { t } = useTranslation('settings');
  const [form, setForm] = useState({ name: '', role: 'runner' as Role, days: '90' });
  const [key, setKey] = useState('');
  const { save, isBusy, wrong, problem } = useSaving(['name', 'role'], async () => {
    const body = { name: form.name, role: form.role, expires_in_days: Number(form.days) };
    setKey((await data(api.POST('/api/v1/api-keys', { body }))).key);
    await onMade();
  });

  if (key) {
    return (
      <ShownOnceDialog
        title={t('apiKeys.made')}
        warning={t('apiKeys.once')}
        text={key}
        closeLabel={t('apiKeys.kept')}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog onClose={onClose} title={t('apiKeys.add')}>
      <DialogForm
        onSubmit={save}
        onCancel={onClose}
        submitLabel={t('apiKeys.make')}
        isBusy={isBusy}
        isReady={form.name.trim() !== ''}
      >
        <TextInput
          label={t('common:name')}
          description={t('apiKeys.nameHint')}
          value={form.name}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setForm((now) => ({ ...now, name: value }));
          }}
          error={wrong.name}
          data-autofocus
          autoComplete="off"
        />
        <RoleSelect value={form.role} onChange={(role) => setForm((now) => ({ ...now, role }))} error={wrong.role} />
        <Select
          label={t('apiKeys.validFor')}
          value={form.days}
          data={DAYS.map((value) => ({ value, label: t('apiKeys.days', { count: Number(value) }) }))}
          onChange={(days) => setForm((now) => ({ ...now, days: days ?? '90' }))}
        />
        {problem ? <ErrorPanel error={problem} /> : null}
      </DialogForm>
    </Dialog>
  );
}
