// Makes the draft the next version, once nothing is wrong with it.
import { Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Dialog, DialogForm } from '../../components/Dialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { useSaving } from '../../components/useSaving';
import { ProblemList } from './ProblemList';
import type { ShownProblem } from './problems';
import { flowQuery, publishFlow, refreshFlows, versionsQuery } from './queries';
import type { FlowEditor } from './useFlowEditor';
import type { Problems } from './useProblems';

interface Props {
  flowId: string;
  next: number;
  editor: FlowEditor;
  problems: Problems;
  names: ReadonlyMap<string, string>;
  isOpen: boolean;
  onClose: () => void;
  onPick: (problem: ShownProblem) => void;
}

const MOST = 500;

export function PublishDialog({ flowId, next, editor, problems, names, isOpen, onClose, onPick }: Props) {
  const { t } = useTranslation('flows');
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const isBlocked = problems.errors > 0;

  const { save, isBusy, problem } = useSaving([], async () => {
    try {
      const revision = await editor.flush();
      const { version } = await publishFlow(flowId, note.trim(), revision);
      await Promise.all([
        client.invalidateQueries({ queryKey: flowQuery(flowId).queryKey, exact: true }),
        client.invalidateQueries({ queryKey: versionsQuery(flowId).queryKey }),
        refreshFlows(client),
      ]);
      notifications.show({ message: t('publish.done', { version }) });
      setNote('');
      onClose();
    } catch (error) {
      void client.invalidateQueries({ queryKey: ['flows', flowId, 'problems'] });
      throw error;
    }
  });

  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('publish.title', { version: next })} size="lg">
      <DialogForm
        onSubmit={save}
        onCancel={onClose}
        submitLabel={t('publish.submit')}
        isBusy={isBusy}
        isReady={!isBlocked}
      >
        <Text size="sm" c="dimmed">
          {t(isBlocked ? 'publish.blocked' : 'publish.text', { count: problems.errors })}
        </Text>
        {problems.all.length > 0 ? <ProblemList problems={problems.all} names={names} onPick={onPick} /> : null}
        {isBlocked ? null : (
          <Textarea
            label={t('publish.note')}
            description={t('publish.noteHint')}
            value={note}
            maxLength={MOST}
            onChange={(event) => setNote(event.currentTarget.value)}
            data-autofocus
          />
        )}
        {problem ? <ErrorPanel error={problem} /> : null}
      </DialogForm>
    </Dialog>
  );
}
