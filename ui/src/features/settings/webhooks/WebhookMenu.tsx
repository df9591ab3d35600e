// What can be done with a webhook, and the windows that it opens.
import { ActionIcon, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, KeyRound, Pause, Pencil, Play, Send, ShieldMinus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../../api/client';
import type { Webhook } from '../../../api/schema';
import { ConfirmDialog } from '../../../components/ConfirmDialog';
import { SecretDialog } from './SecretDialog';
import { TestDialog } from './TestDialog';
import { WebhookDialog } from './WebhookDialog';

type Opened = 'edit' | 'test' | 'rotate' | 'drop' | 'delete' | null;

interface Props {
  webhook: Webhook;
  /** Leave what shows it, before anything is asked for again. */
  onDeleted?: () => Promise<void>;
}

const ICON = { size: 16, 'aria-hidden': true } as const;

export function WebhookMenu({ webhook, onDeleted }: Props) {
  const { t } = useTranslation('webhooks');
  const client = useQueryClient();
  const [opened, setOpened] = useState<Opened>(null);
  const [secret, setSecret] = useState('');
  const params = { path: { webhook_id: webhook.id } };
  const refresh = () => client.invalidateQueries({ queryKey: ['webhooks'] });
  const close = () => setOpened(null);
  const pause = useMutation({
    mutationFn: (is_paused: boolean) =>
      data(api.PATCH('/api/v1/webhooks/{webhook_id}', { params, body: { is_paused } })),
    onSettled: refresh,
  });
  const { name } = webhook;

  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t('actionsFor', { name })} loading={pause.isPending}>
            <Ellipsis size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Send {...ICON} />} disabled={webhook.is_paused} onClick={() => setOpened('test')}>
            {t('test')}
          </Menu.Item>
          <Menu.Item leftSection={<Pencil {...ICON} />} onClick={() => setOpened('edit')}>
            {t('common:edit')}
          </Menu.Item>
          <Menu.Item
            leftSection={webhook.is_paused ? <Play {...ICON} /> : <Pause {...ICON} />}
            onClick={() => pause.mutate(!webhook.is_paused)}
          >
            {t(webhook.is_paused ? 'resume' : 'pause')}
          </Menu.Item>
          <Menu.Item leftSection={<KeyRound {...ICON} />} onClick={() => setOpened('rotate')}>
            {t('rotate')}
          </Menu.Item>
          {webhook.has_two_secrets ? (
            <Menu.Item leftSection={<ShieldMinus {...ICON} />} onClick={() => setOpened('drop')}>
              {t('drop')}
            </Menu.Item>
          ) : null}
          <Menu.Item
            leftSection={<Trash2 {...ICON} />}
            c="var(--mantine-color-error)"
            onClick={() => setOpened('delete')}
          >
            {t('common:delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {opened === 'test' ? <TestDialog webhook={webhook} onClose={close} /> : null}
      {opened === 'edit' ? <WebhookDialog webhook={webhook} onClose={close} onSaved={refresh} /> : null}
      {secret ? <SecretDialog secret={secret} isSecond onClose={() => setSecret('')} /> : null}
      <ConfirmDialog
        isOpen={opened === 'rotate'}
        onClose={close}
        title={t('rotateTitle', { name })}
        text={t(webhook.has_two_secrets ? 'rotateTextTwo' : 'rotateText')}
        confirmLabel={t('rotateConfirm')}
        onConfirm={async () => {
          setSecret((await data(api.POST('/api/v1/webhooks/{webhook_id}/rotate-secret', { params }))).secret);
          await refresh();
        }}
      />
      <ConfirmDialog
        isOpen={opened === 'drop'}
        onClose={close}
        title={t('dropTitle', { name })}
        text={t('dropText')}
        confirmLabel={t('drop')}
        onConfirm={async () => {
          await data(api.POST('/api/v1/webhooks/{webhook_id}/drop-secret', { params }));
          await refresh();
        }}
      />
      <ConfirmDialog
        isOpen={opened === 'delete'}
        onClose={close}
        title={t('deleteTitle', { name })}
        text={t('deleteText')}
        confirmLabel={t('deleteConfirm')}
        onConfirm={async () => {
          await data(api.DELETE('/api/v1/webhooks/{webhook_id}', { params }));
          await onDeleted?.();
          await refresh();
        }}
      />
    </>
  );
}
