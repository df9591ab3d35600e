// Somebody else saved the same flow: shows what differs, and asks whose draft stays.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useSession } from '../../api/session';
import { Dialog } from '../../components/Dialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { useSaving } from '../../components/useSaving';
import { When } from '../../components/When';
import { compare } from './compare';
import { Differences } from './Differences';
import { FlowDrawing } from './FlowDrawing';
import type { FlowEditor } from './useFlowEditor';

interface Props {
  editor: FlowEditor;
  isOpen: boolean;
  onClose: () => void;
}

export function ConflictDialog({ editor, isOpen, onClose }: Props) {
  const { t } = useTranslation('flows');
  const { user } = useSession();
  const { theirs, definition, takeTheirs, keepMine } = editor;
  const [isSeen, setSeen] = useState(false);
  const { save, isBusy, problem } = useSaving([], async () => {
    await keepMine();
    onClose();
  });
  const difference = useMemo(() => (theirs ? compare(definition, theirs.draft) : null), [definition, theirs]);
  if (!theirs || !difference) return null;
  const isSelf = user !== null && theirs.draft_saved_by === user.id;

  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('conflict.title')} size={isSeen ? 'xl' : 'lg'}>
      <Stack gap="md">
        <Text size="sm">
          {t(isSelf ? 'conflict.textSelf' : 'conflict.text')}{' '}
          {theirs.draft_saved_at ? (
            <>
              (<When at={theirs.draft_saved_at} />)
            </>
          ) : null}
        </Text>
        <Text size="sm" fw={600}>
          {t('conflict.differs')}
        </Text>
        <Differences difference={difference} />
        {isSeen ? <FlowDrawing definition={theirs.draft} height={360} /> : null}
        {problem ? <ErrorPanel error={problem} /> : null}
        <Text size="xs" c="dimmed">
          {t('conflict.undoHint')}
        </Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="subtle" onClick={() => setSeen(!isSeen)} aria-expanded={isSeen}>
            {t(isSeen ? 'conflict.hide' : 'conflict.see')}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              takeTheirs();
              onClose();
            }}
          >
            {t('conflict.take')}
          </Button>
          <Button loading={isBusy} onClick={save}>
            {t('conflict.keep')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
