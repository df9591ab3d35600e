// Gives a credential another name.
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import type { Credential } from '../../api/schema';
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
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('title.rename')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {credential ? <RenameForm credential={credential} integrationId={integrationId} onClose={onClose} /> : null}
    </Modal>
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
    if (isPending || name.trim() === '') return;
    await mutateAsync({ credentialId: credential.id, name });
    onClose();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save().catch(() => undefined);
      }}
    >
      <Stack gap="md">
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
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={isPending} disabled={name.trim() === ''}>
            {t('common:rename')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
