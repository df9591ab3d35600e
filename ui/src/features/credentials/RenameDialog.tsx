// Gives a credential another name.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import type { Credential } from '../../api/schema';
import { Dialog, DialogForm } from '../../components/Dialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { useRename } from './queries';

interface Props {
  credential: Credential | null;
  integrationId: string;
  isOpen: boolean;
  onClose: () => void;
}

export function RenameDialog({ credential, integrationId, isOpen, onClose }: Props) {
  const { t } = useTranslation('credentials');
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('title.rename')}>
      {credential ? <RenameForm credential={credential} integrationId={integrationId} onClose={onClose} /> : null}
    </Dialog>
  );
}

function RenameForm({
  credential,
  integrationId,
  onClose,
}: {
  credential: Credential;
  integrationId: string;
  onClose: () => void;
}) {
  const { t } = useTranslation('credentials');
  const { mutateAsync, isPending, error } = useRename(integrationId);
  const [name, setName] = useState(credential.name);

  async function save() {
    await mutateAsync({ credentialId: credential.id, name });
    onClose();
  }

  return (
    <DialogForm
      onSubmit={save}
      onCancel={onClose}
      submitLabel={t('common:rename')}
      isBusy={isPending}
      isReady={name.trim() !== ''}
    >
      <TextInput
        label={t('form.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={name.trim() === '' ? t('form.nameMissing') : error ? asProblem(error).byPath.name : null}
        maxLength={200}
        autoComplete="off"
        required
        data-autofocus
      />
      {error ? <ErrorPanel error={error} isFieldsShown /> : null}
    </DialogForm>
  );
}
