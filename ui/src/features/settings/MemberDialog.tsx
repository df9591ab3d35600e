// Adds a member, or changes one's name, role, password, or whether they may sign in.
import { PasswordInput, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import type { Member } from '../../api/schema';
import { Dialog, DialogForm } from '../../components/Dialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { useSaving } from '../../components/useSaving';
import type { Role } from './roles';
import { RoleSelect } from './RoleSelect';

interface Props {
  member: Member | null;
  onClose: () => void;
  onSaved: () => Promise<unknown>;
}

export function MemberDialog({ member, onClose, onSaved }: Props) {
  const { t } = useTranslation('settings');
  const [form, setForm] = useState({
    email: '',
    name: member?.name ?? '',
    role: (member?.role ?? 'editor') as Role,
    password: '',
    is_disabled: member?.is_disabled ?? false,
  });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));

  const { save, isBusy, wrong, problem } = useSaving(Object.keys(form), async () => {
    if (member) {
      const { name, role, is_disabled } = form;
      const body = { name, role, is_disabled, ...(form.password ? { password: form.password } : {}) };
      await data(api.PATCH('/api/v1/members/{user_id}', { params: { path: { user_id: member.id } }, body }));
    } else {
      const { email, name, role, password } = form;
      await data(api.POST('/api/v1/members', { body: { email, name, role, password } }));
    }
    await onSaved();
    onClose();
  });

  return (
    <Dialog
      onClose={onClose}
      title={member ? t('members.editTitle', { name: member.name || member.email }) : t('members.add')}
    >
      <DialogForm
        onSubmit={save}
        onCancel={onClose}
        submitLabel={member ? t('common:save') : t('members.add')}
        isBusy={isBusy}
        isReady={member !== null || (form.email !== '' && form.password !== '')}
      >
        {member ? null : (
          <TextInput
            label={t('accounts:email')}
            type="email"
            autoComplete="off"
            value={form.email}
            onChange={(event) => set({ email: event.currentTarget.value })}
            error={wrong.email}
            data-autofocus
          />
        )}
        <TextInput
          label={t('common:name')}
          autoComplete="off"
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={wrong.name}
        />
        <RoleSelect value={form.role} onChange={(role) => set({ role })} error={wrong.role} />
        <PasswordInput
          label={member ? t('members.newPassword') : t('members.firstPassword')}
          description={member ? t('members.newPasswordHint') : t('members.firstPasswordHint')}
          autoComplete="new-password"
          value={form.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
          error={wrong.password}
          visibilityToggleButtonProps={{ 'aria-label': t('accounts:showPassword') }}
        />
        {member ? (
          <Switch
            label={t('members.maySignIn')}
            checked={!form.is_disabled}
            onChange={(event) => set({ is_disabled: !event.currentTarget.checked })}
          />
        ) : null}
        {problem ? <ErrorPanel error={problem} /> : null}
      </DialogForm>
    </Dialog>
  );
}
