// The people of the workspace: who may do what, adding them, and taking them out.
import { ActionIcon, Badge, Button, Group, Menu, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import type { Member } from '../../api/schema';
import { useMay, useSession } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ListTable } from '../../components/ListTable';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { PageHeader } from '../../components/PageHeader';
import { MemberDialog } from './MemberDialog';
import { membersQuery } from './queries';

export function MembersPage() {
  const { t } = useTranslation('settings');
  const query = useInfiniteQuery(membersQuery);
  const client = useQueryClient();
  const { user } = useSession();
  const mayWrite = useMay('members:write');
  const mayOwners = useMay('owners:write');
  const [edited, setEdited] = useState<Member | 'new' | null>(null);
  const [removed, setRemoved] = useState<Member | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: membersQuery.queryKey });
  const members = query.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <>
      <PageHeader title={t('pages.members')} description={t('members.text')}>
        {mayWrite ? (
          <Button leftSection={<UserPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
            {t('members.add')}
          </Button>
        ) : null}
      </PageHeader>
      {query.isPending ? <Loading /> : null}
      {query.isError ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {members.length > 0 ? (
        <ListTable
          label={t('pages.members')}
          minWidth={300}
          heads={[t('common:name'), t('members.role')]}
          buttons={t('members.actions')}
        >
          {members.map((member) => (
            <Table.Tr key={member.id}>
              <Table.Td>
                <Stack gap={0}>
                  <Text size="sm" fw={600}>
                    {member.name || member.email}{' '}
                    {member.id === user?.id ? (
                      <Text span c="dimmed" size="sm" fw={400}>
                        ({t('members.you')})
                      </Text>
                    ) : null}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {member.email}
                  </Text>
                </Stack>
              </Table.Td>
              <Table.Td>
                <Group gap="xs">
                  <Badge color={member.role === 'owner' ? 'jade' : 'gray'}>{t(`common:roles.${member.role}`)}</Badge>
                  {member.is_disabled ? <Badge color="yellow">{t('members.disabled')}</Badge> : null}
                </Group>
              </Table.Td>
              <Table.Td ta="right">
                {mayWrite && member.id !== user?.id && (member.role !== 'owner' || mayOwners) ? (
                  <Menu position="bottom-end">
                    <Menu.Target>
                      <ActionIcon aria-label={t('members.actionsFor', { name: member.name || member.email })}>
                        <Ellipsis size={18} />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item onClick={() => setEdited(member)}>{t('common:edit')}</Menu.Item>
                      <Menu.Item c="var(--mantine-color-error)" onClick={() => setRemoved(member)}>
                        {t('common:remove')}
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                ) : null}
              </Table.Td>
            </Table.Tr>
          ))}
        </ListTable>
      ) : null}
      <MoreButton query={query} />
      {edited ? (
        <MemberDialog member={edited === 'new' ? null : edited} onClose={() => setEdited(null)} onSaved={refresh} />
      ) : null}
      <ConfirmDialog
        isOpen={removed !== null}
        onClose={() => setRemoved(null)}
        title={t('members.removeTitle', { name: removed?.name || removed?.email })}
        text={t('members.removeText')}
        confirmLabel={t('members.removeConfirm')}
        onConfirm={async () => {
          await data(api.DELETE('/api/v1/members/{user_id}', { params: { path: { user_id: removed?.id ?? '' } } }));
          await refresh();
        }}
      />
    </>
  );
}
