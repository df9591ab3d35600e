// What can be done with a contact beside writing to them: opt out and in, keep flows silent, look at what was said.
import { ActionIcon, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ban, CirclePause, CirclePlay, Ellipsis, MessagesSquare, UserCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ConfirmDialog } from '../../components/ConfirmDialog';
import { updateContact, type Contact } from './queries';

const ICON = { size: 16, 'aria-hidden': true } as const;

interface Props {
  contact: Contact;
  who: string;
  isPaused: boolean;
  mayWrite: boolean;
  onProblem: (problem: unknown) => void;
}

export function ContactMenu({ contact, who, isPaused, mayWrite, onProblem }: Props) {
  const { t } = useTranslation('contacts');
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ['contacts'] });
  const changing = useMutation({
    mutationFn: (change: { opted_out?: boolean; paused?: boolean }) => updateContact(contact.id, change),
    onMutate: () => onProblem(null),
    onError: onProblem,
    onSettled: refresh,
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t('actionsFor', { name: who })} loading={changing.isPending}>
            <Ellipsis size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<MessagesSquare {...ICON} />}
            renderRoot={(props) => (
              <Link
                to="/conversations"
                search={{ channel_id: contact.channel_id, search: contact.phone ?? contact.name ?? '' }}
                {...props}
              />
            )}
          >
            {t('conversations')}
          </Menu.Item>
          {mayWrite ? (
            <>
              <Menu.Item
                leftSection={isPaused ? <CirclePlay {...ICON} /> : <CirclePause {...ICON} />}
                onClick={() => changing.mutate({ paused: !isPaused })}
              >
                {t(isPaused ? 'resume' : 'pause')}
              </Menu.Item>
              <Menu.Item
                leftSection={contact.opted_out_at ? <UserCheck {...ICON} /> : <Ban {...ICON} />}
                onClick={() => setAsking(true)}
              >
                {t(contact.opted_out_at ? 'optIn.open' : 'optOut.open')}
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t(contact.opted_out_at ? 'optIn.title' : 'optOut.title', { who })}
        text={t(contact.opted_out_at ? 'optIn.text' : 'optOut.text')}
        confirmLabel={t(contact.opted_out_at ? 'optIn.confirm' : 'optOut.confirm')}
        onConfirm={async () => {
          await updateContact(contact.id, { opted_out: contact.opted_out_at === null });
          await refresh();
        }}
      />
    </>
  );
}
