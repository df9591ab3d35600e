// What can be done with a flow as a whole: copy, export, delete.
import { Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Copy, Download, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import { useMay } from '../../api/session';
import { at } from '../../base';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { deleteFlow, duplicateFlow, refreshFlows, type ListedFlow } from './queries';

interface Props {
  flow: Pick<ListedFlow, 'id' | 'name'>;
  /** Its page is open, which goes with it. */
  isHere?: boolean;
}

export function FlowMenuItems({ flow, isHere = false }: Props) {
  const { t } = useTranslation('flows');
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useMay('flows:write');
  const [isAsking, setAsking] = useState(false);
  const [users, setUsers] = useState<string[]>([]);

  async function copy() {
    try {
      const made = await duplicateFlow(flow.id);
      await refreshFlows(client);
      notifications.show({ message: t('list.copied', { name: made.name }) });
      await navigate({ to: '/flows/$flowId', params: { flowId: made.id } });
    } catch (error) {
      notifications.show({ color: 'red', message: asProblem(error).text });
    }
  }

  async function remove() {
    try {
      await deleteFlow(flow.id, users.length > 0);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === 'in_use') setUsers(problem.usedBy.map(({ name }) => t('list.calledBy', { name })));
      throw error;
    }
    if (isHere) await navigate({ to: '/flows' });
    await refreshFlows(client);
    client.removeQueries({ queryKey: ['flows', flow.id] });
  }

  return (
    <>
      {mayWrite ? (
        <Menu.Item leftSection={<Copy size={16} aria-hidden />} onClick={() => void copy()}>
          {t('list.duplicate')}
        </Menu.Item>
      ) : null}
      <Menu.Item
        leftSection={<Download size={16} aria-hidden />}
        component="a"
        href={at(`/api/v1/flows/${flow.id}/export`)}
        download
      >
        {t('list.export')}
      </Menu.Item>
      {mayWrite ? (
        <Menu.Item
          color="red"
          closeMenuOnClick={false}
          leftSection={<Trash2 size={16} aria-hidden />}
          onClick={() => setAsking(true)}
        >
          {t('common:delete')}
        </Menu.Item>
      ) : null}
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('list.deleteTitle', { name: flow.name })}
        text={t('list.deleteText')}
        losses={users}
        confirmLabel={t('common:delete')}
        onConfirm={remove}
      />
    </>
  );
}
