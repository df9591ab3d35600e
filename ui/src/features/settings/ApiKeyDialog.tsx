// Makes an API key and shows its text, this once.
import { Alert, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import { asProblem, type ApiProblem } from '../../api/problem';
import { CodeBlock } from '../../components/CodeBlock';
import { ErrorPanel } from '../../components/ErrorPanel';
import type { Role } from './roles';
import { RoleSelect } from './RoleSelect';

const DAYS = ['7', '30', '90', '180', '365'];

export function ApiKeyDialog({ onClose, onMade }: { onClose: () => void; onMade: () => Promise<unknown> }) {
  const { t } = useTranslation('settings');
  const [form, setForm] = useState({ name: '', role: 'runner' as Role, days: '90' });
  const [key, setKey] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const wrong = problem?.byPath ?? {};

  async function make(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      const made = await data(
        api.POST('/api/v1/api-keys', {
          body: { name: form.name, role: form.role, expires_in_days: Number(form.days) },
        }),
      );
      setKey(made.key);
      await onMade();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }

  if (key) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={t('apiKeys.made')}
        size="lg"
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Stack>
          <Alert color="yellow">{t('apiKeys.once')}</Alert>
          <CodeBlock text={key} label={t('apiKeys.made')} />
          <Group justify="flex-end">
            <Button onClick={onClose} data-autofocus>
              {t('apiKeys.kept')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={t('apiKeys.add')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form onSubmit={(event) => void make(event)} noValidate>
        <Stack>
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
          {problem && !wrong.name && !wrong.role ? <ErrorPanel error={problem} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={isBusy} disabled={!form.name.trim()}>
              {t('apiKeys.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
