// The forms of a channel, and the key by which WhatsApp asks for what their screens show.
import { Button, Stack, Table, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ClipboardList, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { Dialog, DialogForm } from '../../components/Dialog';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ListTable } from '../../components/ListTable';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { PageHeader } from '../../components/PageHeader';
import { RowLink } from '../../components/RowLink';
import { useSaving } from '../../components/useSaving';
import { When } from '../../components/When';
import { Panel } from '../channels/Panel';
import { channelQuery } from '../channels/queries';
import { useParents } from '../channels/useParents';
import { KeyPanel } from './KeyPanel';
import { createForm, formsQuery, refreshForms, type ListedForm } from './queries';

const route = getRouteApi('/signed-in/channels/$channelId/forms');

export function FormsPage() {
  const { channelId } = route.useParams();
  const { t } = useTranslation(['forms', 'channels']);
  const { data: channel } = useSuspenseQuery(channelQuery(channelId));
  const mayWrite = useMay('flows:write');
  const mayMakeKeys = useMay('channels:write');
  const list = useInfiniteQuery(formsQuery(channelId));
  const forms = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = list.isSuccess && forms.length === 0;
  const [isAdding, setAdding] = useState(false);
  const add = mayWrite ? (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  ) : null;
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} parents={useParents(channel)}>
        {isEmpty ? null : add}
      </PageHeader>
      <Stack gap="lg">
        <div>
          {list.isPending ? <Loading rows={3} /> : null}
          {list.isError && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
          {isEmpty ? (
            <EmptyState
              icon={<ClipboardList size={32} strokeWidth={1.5} aria-hidden />}
              title={t('empty')}
              text={t('emptyText')}
            >
              {add}
            </EmptyState>
          ) : null}
          {forms.length > 0 ? (
            <ListTable
              label={t('title')}
              minWidth={560}
              heads={[t('common:name'), t('metaId'), t('screens'), t('changed')]}
            >
              {forms.map((form) => (
                <Row key={form.id} form={form} />
              ))}
            </ListTable>
          ) : null}
          <MoreButton query={list} />
        </div>
        <Panel title={t('key.title')} text={t('key.text')}>
          <KeyPanel channelId={channelId} isReadOnly={!mayMakeKeys} />
        </Panel>
      </Stack>
      {isAdding ? <NewForm channelId={channelId} onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function Row({ form }: { form: ListedForm }) {
  const { t } = useTranslation('forms');
  return (
    <Table.Tr>
      <Table.Td>
        <RowLink to="/channels/$channelId/forms/$formId" params={{ channelId: form.channel_id, formId: form.id }}>
          {form.name}
        </RowLink>
      </Table.Td>
      <Table.Td className="mono">{form.flow_id || t('noMetaId')}</Table.Td>
      <Table.Td className="tabular">{form.screens}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <When at={form.updated_at} />
      </Table.Td>
    </Table.Tr>
  );
}

function NewForm({ channelId, onClose }: { channelId: string; onClose: () => void }) {
  const { t } = useTranslation('forms');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [form, setForm] = useState({ name: '', flow_id: '' });
  const { save, isBusy, wrong, problem } = useSaving(['name', 'flow_id'], async () => {
    const made = await createForm(channelId, { name: form.name.trim(), flow_id: form.flow_id.trim() });
    await refreshForms(client, made);
    await navigate({ to: '/channels/$channelId/forms/$formId', params: { channelId, formId: made.id } });
  });
  return (
    <Dialog onClose={onClose} title={t('add')}>
      <DialogForm
        onSubmit={save}
        onCancel={onClose}
        submitLabel={t('make')}
        isBusy={isBusy}
        isReady={form.name.trim() !== ''}
      >
        <TextInput
          label={t('common:name')}
          value={form.name}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          error={wrong.name}
          maxLength={200}
          autoComplete="off"
          data-autofocus
          required
        />
        <TextInput
          label={t('metaId')}
          description={t('metaIdHint')}
          value={form.flow_id}
          onChange={(event) => setForm({ ...form, flow_id: event.currentTarget.value })}
          error={wrong.flow_id}
          inputMode="numeric"
          autoComplete="off"
        />
        <Text size="sm" c="dimmed">
          {t('makeHint')}
        </Text>
        {problem ? <ErrorPanel error={problem} /> : null}
      </DialogForm>
    </Dialog>
  );
}
