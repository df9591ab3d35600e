// Asks for a file that was exported before, and hands over what is in it.
import { FileInput, Text } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Dialog, DialogForm } from './Dialog';
import { ErrorPanel } from './ErrorPanel';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  text: string;
  /** What takes the file, as far as it has come. */
  importing: { isPending: boolean; error: unknown; reset: () => void };
  onImport: (yaml: string) => Promise<unknown>;
  /** What else is asked. */
  children?: ReactNode;
}

const MAX_BYTES = 1024 * 1024;

export function ImportDialog({ isOpen, onClose, title, text, importing, onImport, children }: Props) {
  const { t } = useTranslation();
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

  return (
    <Dialog isOpen={isOpen} onClose={close} title={title}>
      <DialogForm
        onSubmit={async () => file && onImport(await file.text())}
        onCancel={close}
        submitLabel={t('import.submit')}
        isBusy={importing.isPending}
        isReady={file !== null && !isTooLarge}
      >
        <Text size="sm" c="dimmed">
          {text}
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
        {children}
        <div aria-live="polite">
          {importing.error ? <ErrorPanel error={importing.error} title={t('import.refused')} /> : null}
        </div>
      </DialogForm>
    </Dialog>
  );
}
