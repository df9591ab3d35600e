// Makes an integration of a file that was exported before.
import { Button, FileInput, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ErrorPanel } from '../../components/ErrorPanel';
import { useImportIntegration } from './queries';
import { nextStep, STEP_PATHS } from './steps';

const MAX_BYTES = 1024 * 1024;

export function ImportDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('integrations');
  const navigate = useNavigate();
  const importing = useImportIntegration();
  const [file, setFile] = useState<File | null>(null);
  const isTooLarge = file !== null && file.size > MAX_BYTES;

  function choose(chosen: File | null) {
    importing.reset();
    setFile(chosen);
  }

  function close() {
    choose(null);
    onClose();
  }

  async function submit() {
    if (!file || isTooLarge || importing.isPending) return;
    const made = await importing.mutateAsync(await file.text());
    notifications.show({ message: t('import.done', { name: made.name, count: made.actions_count }) });
    await navigate({ to: STEP_PATHS[nextStep(made)], params: { integrationId: made.id } });
  }

  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('import.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit().catch(() => undefined);
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t('import.text')}
          </Text>
          <FileInput
            label={t('import.file')}
            description={t('import.fileHint')}
            placeholder={t('import.choose')}
            accept=".yaml,.yml,application/yaml,text/yaml"
            leftSection={<FileUp size={16} aria-hidden />}
            value={file}
            onChange={choose}
            error={isTooLarge ? t('import.tooLarge') : null}
            clearable
            clearButtonProps={{ 'aria-label': t('import.clear') }}
            data-autofocus
          />
          <div aria-live="polite">
            {importing.error ? <ErrorPanel error={importing.error} title={t('import.refused')} /> : null}
          </div>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={importing.isPending} disabled={!file || isTooLarge}>
              {t('import.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
