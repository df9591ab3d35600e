// Makes a flow: a name, then its builder.
import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import { Dialog, DialogForm } from '../../components/Dialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { newDefinition } from './blocks';
import { createFlow, refreshFlows } from './queries';

interface Props {
  isOpen: boolean;
  onClose: () => void;
}

const MOST = 100;

export function NewFlowDialog({ isOpen, onClose }: Props) {
  const { t, i18n } = useTranslation('flows');
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [isMissing, setMissing] = useState(false);
  const making = useMutation({
    mutationFn: () => {
      const language = (['es', 'pt'] as const).find((each) => each === i18n.resolvedLanguage) ?? 'en';
      const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
      return createFlow(name.trim(), newDefinition(t('new.welcome'), language, zone));
    },
  });
  const problem = making.error ? asProblem(making.error) : null;

  async function submit() {
    setMissing(name.trim() === '');
    if (name.trim() === '') return;
    const made = await making.mutateAsync();
    await refreshFlows(client);
    await navigate({ to: '/flows/$flowId', params: { flowId: made.id } });
  }

  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('new.title')}>
      <DialogForm onSubmit={submit} onCancel={onClose} submitLabel={t('new.submit')} isBusy={making.isPending}>
        <TextInput
          label={t('common:name')}
          description={t('new.hint')}
          value={name}
          maxLength={MOST}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setMissing(false);
          }}
          error={isMissing ? t('new.nameMissing') : problem?.byPath.name}
          data-autofocus
        />
        {problem && !problem.byPath.name ? <ErrorPanel error={problem} /> : null}
      </DialogForm>
    </Dialog>
  );
}
