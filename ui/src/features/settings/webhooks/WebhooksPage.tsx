// The servers that are told what happens in conversations: made, tried, paused, ended.
import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Webhook } from '../../../api/schema';
import { EmptyState } from '../../../components/EmptyState';
import { ErrorPanel } from '../../../components/ErrorPanel';
import { ListTable } from '../../../components/ListTable';
import { Loading } from '../../../components/Loading';
import { PageHeader } from '../../../components/PageHeader';
import { RowLink } from '../../../components/RowLink';
import { LastAnswer } from './EventStatusBadge';
import { textName, webhooksQuery } from './queries';
import { SecretDialog } from './SecretDialog';
import { WebhookDialog } from './WebhookDialog';
import { WebhookMenu } from './WebhookMenu';

export function WebhooksPage() {
  const { t } = useTranslation('webhooks');
  const query = useQuery(webhooksQuery);
  const client = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState('');
  const webhooks = query.data?.items ?? [];
  const add = (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  );

  return (
    <>
      <PageHeader title={t('title')} description={t('text')}>
        {webhooks.length > 0 ? add : null}
      </PageHeader>
      {query.isPending ? <Loading /> : null}
      {query.isError ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isSuccess && webhooks.length === 0 ? (
        <EmptyState
          icon={<WebhookIcon size={32} strokeWidth={1.5} aria-hidden />}
          title={t('empty')}
          text={t('emptyText')}
        >
          {add}
        </EmptyState>
      ) : null}
      {webhooks.length > 0 ? (
        <ListTable
          label={t('title')}
          minWidth={760}
          heads={[t('common:name'), t('state'), t('lastAnswer'), t('events')]}
          buttons={t('actions')}
        >
          {webhooks.map((webhook) => (
            <Row key={webhook.id} webhook={webhook} />
          ))}
        </ListTable>
      ) : null}
      {isAdding ? (
        <WebhookDialog
          webhook={null}
          onClose={() => setAdding(false)}
          onSaved={async (made) => {
            setSecret(made ?? '');
            await client.invalidateQueries({ queryKey: ['webhooks'] });
          }}
        />
      ) : null}
      {secret ? <SecretDialog secret={secret} isSecond={false} onClose={() => setSecret('')} /> : null}
    </>
  );
}

function Row({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  return (
    <Table.Tr>
      <Table.Td maw={260}>
        <RowLink to="/settings/webhooks/$webhookId" params={{ webhookId: webhook.id }}>
          {webhook.name}
        </RowLink>
        <Text size="xs" c="dimmed" className="mono" truncate title={webhook.url}>
          {webhook.url}
        </Text>
      </Table.Td>
      <Table.Td>
        <WebhookStates webhook={webhook} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <LastAnswer answer={webhook.last} />
      </Table.Td>
      <Table.Td maw={240}>
        <Text size="sm">{webhook.events.map((type) => t(`types.${textName(type)}`)).join(' · ')}</Text>
      </Table.Td>
      <Table.Td ta="right">
        <WebhookMenu webhook={webhook} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Whether it is told, what still waits, and what never arrived. */
export function WebhookStates({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const { is_paused, has_two_secrets, waiting, failed } = webhook;
  return (
    <Group gap={6}>
      {is_paused ? <Badge color="gray">{t('paused')}</Badge> : null}
      {waiting > 0 ? <Badge color="yellow">{t('waiting', { count: waiting })}</Badge> : null}
      {failed > 0 ? <Badge color="red">{t('failed', { count: failed })}</Badge> : null}
      {has_two_secrets ? <Badge color="violet">{t('twoSecrets')}</Badge> : null}
      {!is_paused && waiting === 0 && failed === 0 ? <Badge color="jade">{t('allTold')}</Badge> : null}
    </Group>
  );
}
