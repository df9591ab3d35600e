// What a member can do with a conversation now: take it over, give it back to the flow, close it.
import { Button } from '@mantine/core';
import { CheckCheck, Hand, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Conversation } from '../../api/schema';
import { useMay } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ENDED } from '../simulator/useSimulator';
import { useAgentVerb } from './queries';

export function AgentButtons({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const mayWrite = useMay('conversations:write');
  const verb = useAgentVerb(conversation.id);
  const [isAsked, setAsked] = useState(false);
  if (!mayWrite || ENDED.has(conversation.status)) return null;
  if (conversation.status !== 'with_agent')
    return (
      <>
        <Button
          variant="default"
          leftSection={<Hand size={16} aria-hidden />}
          loading={verb.isPending}
          onClick={() => verb.mutate('take-over')}
        >
          {t('takeOver')}
        </Button>
        {verb.isError ? <ErrorPanel error={verb.error} /> : null}
      </>
    );
  return (
    <>
      <Button
        leftSection={<Undo2 size={16} aria-hidden />}
        loading={verb.isPending}
        onClick={() => verb.mutate('give-back')}
      >
        {t('giveBack')}
      </Button>
      <Button variant="default" leftSection={<CheckCheck size={16} aria-hidden />} onClick={() => setAsked(true)}>
        {t('close.open')}
      </Button>
      {verb.isError ? <ErrorPanel error={verb.error} /> : null}
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title={t('close.title')}
        text={t('close.text')}
        confirmLabel={t('close.confirm')}
        onConfirm={async () => {
          await verb.mutateAsync('close');
        }}
      />
    </>
  );
}
