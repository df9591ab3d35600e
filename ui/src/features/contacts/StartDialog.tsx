// Begins a conversation with one person: which flow, and what is said first.
import { Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Dialog, DialogForm } from '../../components/Dialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { useSaving } from '../../components/useSaving';
import { variablesOf } from '../batches/begin';
import { BeginFields } from '../batches/BeginFields';
import { slipOf } from '../batches/people';
import { useBeginning } from '../batches/useBeginning';
import { beginConversation, isWindowOpen, type Contact } from './queries';

interface Props {
  channelId: string;
  /** Whom; somebody new where nobody is given. */
  contact: Contact | null;
  onClose: () => void;
}

const NO_COLUMNS: string[] = [];

export function StartDialog({ channelId, contact, onClose }: Props) {
  const { t } = useTranslation(['contacts', 'batches']);
  const navigate = useNavigate();
  const beginning = useBeginning(channelId);
  const { begin, template, variables } = beginning;
  const [person, setPerson] = useState({ phone: '', name: '' });
  const [now] = useState(Date.now);
  const isOpen = contact !== null && isWindowOpen(contact, now);
  const slip = contact === null && person.phone !== '' ? slipOf(person.phone) : null;
  const isKnown = contact !== null || (person.phone !== '' && slip === null);
  const who = contact?.name || contact?.phone || t('somebody');

  const { save, isBusy, wrong, problem } = useSaving(['contact.phone'], async () => {
    const made = await beginConversation({
      flow_id: begin.flow_id,
      channel_id: channelId,
      contact: contact
        ? { contact_id: contact.id }
        : { phone: person.phone, ...(person.name.trim() ? { name: person.name.trim() } : {}) },
      template,
      variables: variablesOf(begin, variables),
    });
    await navigate({ to: '/conversations/$conversationId', params: { conversationId: made.id } });
  });

  return (
    <Dialog onClose={onClose} size="lg" title={contact ? t('start.title', { who }) : t('start.titleNew')}>
      <DialogForm
        onSubmit={save}
        onCancel={onClose}
        submitLabel={t('start.confirm')}
        isBusy={isBusy}
        isReady={beginning.isWhole && isKnown && (isOpen || template !== null)}
      >
        {contact ? null : (
          <Stack gap="md">
            <TextInput
              label={t('phone')}
              description={t('start.phoneHint')}
              placeholder="+1 555 0100"
              type="tel"
              value={person.phone}
              onChange={(event) => setPerson({ ...person, phone: event.currentTarget.value })}
              error={wrong['contact.phone'] ?? (slip ? t(`batches:slips.${slip}`) : undefined)}
              data-autofocus
              autoComplete="off"
              maxLength={40}
              required
            />
            <TextInput
              label={t('common:name')}
              description={t('common:optional')}
              value={person.name}
              onChange={(event) => setPerson({ ...person, name: event.currentTarget.value })}
              autoComplete="off"
              maxLength={200}
            />
          </Stack>
        )}
        <BeginFields
          channelId={channelId}
          beginning={beginning}
          columns={NO_COLUMNS}
          cells={NO_COLUMNS}
          noTemplateHint={t(isOpen ? 'start.openHint' : 'start.shutHint')}
        />
        {problem ? <ErrorPanel error={problem} /> : null}
      </DialogForm>
    </Dialog>
  );
}
