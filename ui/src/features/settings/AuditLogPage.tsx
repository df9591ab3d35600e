// What was done in the workspace, by whom and from where; and the proof that nothing of it was altered.
import { Alert, Button, Code, Spoiler, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Search, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import type { AuditEntry } from '../../api/schema';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ListTable } from '../../components/ListTable';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { PageHeader } from '../../components/PageHeader';
import { When } from '../../components/When';
import { auditLogQuery } from './queries';
import classes from './settings.module.css';

export function AuditLogPage() {
  const { t } = useTranslation('settings');
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 250);
  const query = useInfiniteQuery(auditLogQuery(asked));
  const check = useMutation({ mutationFn: () => data(api.POST('/api/v1/audit-log/verify')) });
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <>
      <PageHeader title={t('pages.auditLog')} description={t('auditLog.text')}>
        <Button
          variant="default"
          leftSection={<ShieldCheck size={16} aria-hidden />}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t('auditLog.verify')}
        </Button>
      </PageHeader>
      <div role="status">
        {check.data?.is_intact ? (
          <Alert color="jade" mb="md">
            {t('auditLog.intact', { count: check.data.sequence })}
          </Alert>
        ) : null}
        {check.data && !check.data.is_intact ? (
          <Alert color="red" mb="md" title={t('auditLog.altered')}>
            {check.data.findings?.map((finding) => (
              <div key={`${finding.sequence}-${finding.kind}`}>{finding.message}</div>
            ))}
          </Alert>
        ) : null}
      </div>
      {check.isError ? <ErrorPanel error={check.error} /> : null}
      <TextInput
        mb="md"
        maw={360}
        aria-label={t('common:search')}
        placeholder={t('auditLog.search')}
        leftSection={<Search size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {query.isPending ? <Loading rows={8} /> : null}
      {query.isError ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isSuccess && entries.length === 0 ? (
        <EmptyState title={t('auditLog.none')} text={t('auditLog.noneText')} />
      ) : null}
      {entries.length > 0 ? (
        <ListTable
          label={t('pages.auditLog')}
          minWidth={680}
          heads={[t('auditLog.when'), t('auditLog.what'), t('auditLog.who'), t('auditLog.details')]}
          verticalSpacing="xs"
        >
          {entries.map((entry) => (
            <Entry key={entry.sequence} entry={entry} />
          ))}
        </ListTable>
      ) : null}
      <MoreButton query={query} />
    </>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation('settings');
  const details = Object.entries((entry.details ?? {}) as Record<string, unknown>);
  return (
    <Table.Tr style={{ verticalAlign: 'top' }}>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <When at={entry.at} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" fw={500}>
          {t(`auditActions.${entry.action.replaceAll('.', '_')}`, { defaultValue: entry.action })}
        </Text>
        {entry.object_id ? <Code className={classes.id}>{entry.object_id}</Code> : null}
      </Table.Td>
      <Table.Td>
        <Text size="sm">{t(`auditLog.actors.${entry.actor_kind}`, { defaultValue: entry.actor_kind })}</Text>
        {entry.actor_id ? <Code className={classes.id}>{entry.actor_id}</Code> : null}
        {entry.address ? (
          <Text size="xs" c="dimmed">
            {entry.address}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td maw={360}>
        {details.length > 0 ? (
          <Spoiler maxHeight={66} showLabel={t('common:showMore')} hideLabel={t('auditLog.less')}>
            {details.map(([name, value]) => (
              <Text size="xs" key={name} className="breaks">
                <Text span c="dimmed" inherit>
                  {name}
                </Text>{' '}
                {typeof value === 'string' ? value : JSON.stringify(value)}
              </Text>
            ))}
          </Spoiler>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}
