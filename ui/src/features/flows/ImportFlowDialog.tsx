// Makes a flow, and the integrations it uses, of a file that was exported before.
import { Button, Checkbox, FileInput, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ErrorPanel } from '../../components/ErrorPanel';
import { importFlow, refreshFlows } from './queries';

const MAX_BYTES = 1024 * 1024;

export function ImportFlowDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('flows');
  const navigate = useNavigate();
  const client = useQueryClient();
  const importing = useMutation({ mutationFn: importFlow });
  const [file, setFile] = useState<File | null>(null);
  const [isUsingExisting, setUsingExisting] = useState(true);
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
    const made = await importing.mutateAsync({ yaml: await file.text(), use_existing: isUsingExisting });
    await Promise.all([refreshFlows(client), client.invalidateQueries({ queryKey: ['integrations', 'list'] })]);
    const names = made.credentials.map((each) => `${each.integration_name}: ${each.name}`).join(', ');
    notifications.show({ message: t('import.done', { name: made.flow.name }) });
    if (names) notifications.show({ color: 'yellow', autoClose: false, message: t('import.credentials', { names }) });
    await navigate({ to: '/flows/$flowId', params: { flowId: made.flow.id } });
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
          <Checkbox
            label={t('import.useExisting')}
            description={t('import.useExistingHint')}
            checked={isUsingExisting}
            onChange={(event) => setUsingExisting(event.currentTarget.checked)}
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
