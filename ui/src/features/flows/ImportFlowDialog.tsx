// Makes a flow, and the integrations it uses, of a file that was exported before.
import { Checkbox } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ImportDialog } from '../../components/ImportDialog';
import { importFlow, refreshFlows } from './queries';

export function ImportFlowDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('flows');
  const navigate = useNavigate();
  const client = useQueryClient();
  const importing = useMutation({ mutationFn: importFlow });
  const [isUsingExisting, setUsingExisting] = useState(true);

  async function submit(yaml: string) {
    const made = await importing.mutateAsync({ yaml, use_existing: isUsingExisting });
    await Promise.all([refreshFlows(client), client.invalidateQueries({ queryKey: ['integrations', 'list'] })]);
    const names = made.credentials.map((each) => `${each.integration_name}: ${each.name}`).join(', ');
    notifications.show({ message: t('import.done', { name: made.flow.name }) });
    if (names) notifications.show({ color: 'yellow', autoClose: false, message: t('import.credentials', { names }) });
    await navigate({ to: '/flows/$flowId', params: { flowId: made.flow.id } });
  }

  return (
    <ImportDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('import.title')}
      text={t('import.text')}
      importing={importing}
      onImport={submit}
    >
      <Checkbox
        label={t('import.useExisting')}
        description={t('import.useExistingHint')}
        checked={isUsingExisting}
        onChange={(event) => setUsingExisting(event.currentTarget.checked)}
      />
    </ImportDialog>
  );
}
