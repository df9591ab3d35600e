// The keys with which programs call the HTTP API: made, shown once, ended.
import { Badge, Button, Code, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import type { ApiKey } from '../../api/schema';
import { useMay } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ListTable } from '../../components/ListTable';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { PageHeader } from '../../components/PageHeader';
import { When } from '../../components/When';
import { ApiKeyDialog } from './ApiKeyDialog';
import { apiKeysQuery } from './queries';

function isExpired(key: ApiKey): boolean {
  return key.expires_at !== null && Date.parse(key.expires_at) < Date.now();
}

export function ApiKeysPage() {
  const { t } = useTranslation('settings');
  const query = useInfiniteQuery(apiKeysQuery);
  const client = useQueryClient();
  const mayWrite = useMay('api_keys:write');
  const [isAdding, setAdding] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
  const keys = query.data?.pages.flatMap((page) => page.items) ?? [];
  const add = mayWrite ? (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t('apiKeys.add')}
    </Button>
  ) : null;

  return (
    <>
      <PageHeader title={t('pages.apiKeys')} description={t('apiKeys.text')}>
        {keys.length > 0 ? add : null}
      </PageHeader>
      {query.isPending ? <Loading /> : null}
      {query.isError ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isSuccess && keys.length === 0 ? (
        <EmptyState
          icon={<KeyRound size={32} strokeWidth={1.5} aria-hidden />}
          title={t('apiKeys.empty')}
          text={t('apiKeys.emptyText')}
        >
          {add}
        </EmptyState>
      ) : null}
      {keys.length > 0 ? (
        <ListTable
          label={t('pages.apiKeys')}
          minWidth={680}
          heads={[t('common:name'), t('members.role'), t('apiKeys.lastUsed'), t('apiKeys.expires')]}
          buttons={t('members.actions')}
        >
          {keys.map((key) => {
            const isOver = isExpired(key);
            return (
              <Table.Tr key={key.id}>
                <Table.Td>
                  <Text size="sm" fw={600} className="breaks">
                    {key.name}
                  </Text>
                  <Code>{key.prefix}…</Code>
                </Table.Td>
                <Table.Td>{t(`common:roles.${key.role}`)}</Table.Td>
                <Table.Td>{key.last_used_at ? <When at={key.last_used_at} /> : t('common:never')}</Table.Td>
                <Table.Td>
                  {key.expires_at && !isOver ? (
                    <When at={key.expires_at} />
                  ) : (
                    <Badge color="yellow">{t('apiKeys.expired')}</Badge>
                  )}
                </Table.Td>
                <Table.Td ta="right">
                  {mayWrite && !isOver ? (
                    <Button
                      size="xs"
                      variant="subtle"
                      color="red"
                      aria-label={t('apiKeys.revokeOne', { name: key.name })}
                      onClick={() => setRevoked(key)}
                    >
                      {t('apiKeys.revoke')}
                    </Button>
                  ) : null}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </ListTable>
      ) : null}
      <MoreButton query={query} />
      {isAdding ? <ApiKeyDialog onClose={() => setAdding(false)} onMade={refresh} /> : null}
      <ConfirmDialog
        isOpen={revoked !== null}
        onClose={() => setRevoked(null)}
        title={t('apiKeys.revokeTitle', { name: revoked?.name })}
        text={t('apiKeys.revokeText')}
        confirmLabel={t('apiKeys.revoke')}
        onConfirm={async () => {
          await data(api.DELETE('/api/v1/api-keys/{key_id}', { params: { path: { key_id: revoked?.id ?? '' } } }));
          await refresh();
        }}
      />
    </>
  );
}
