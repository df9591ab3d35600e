// Makes an integration of a file that was exported before.
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { ImportDialog } from '../../components/ImportDialog';
import { useImportIntegration } from './queries';
import { nextStep, STEP_PATHS } from './steps';

export function ImportIntegrationDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('integrations');
  const navigate = useNavigate();
  const importing = useImportIntegration();

  async function submit(yaml: string) {
    const made = await importing.mutateAsync(yaml);
    notifications.show({ message: t('import.done', { name: made.name, count: made.actions_count }) });
    await navigate({ to: STEP_PATHS[nextStep(made)], params: { integrationId: made.id } });
  }

  return (
    <ImportDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('import.title')}
      text={t('import.text')}
      importing={importing}
      onImport={submit}
    />
  );
}
