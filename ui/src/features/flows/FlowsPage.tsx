// All flows: what each is called, whether it is published, and how to get another.
import { Button, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { FileUp, Plus, Waypoints } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import card from '../../components/card.module.css';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { PageHeader } from '../../components/PageHeader';
import { NothingFound, SearchBox, useFinding } from '../../components/SearchBox';
import { FlowRow } from './FlowRow';
import { ImportFlowDialog } from './ImportFlowDialog';
import { NewFlowDialog } from './NewFlowDialog';
import { flowsQuery } from './queries';

const route = getRouteApi('/signed-in/flows');

export function FlowsPage() {
  const { t } = useTranslation('flows');
  const { search = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useMay('flows:write');
  const [opened, setOpened] = useState<'new' | 'import' | null>(null);
  const finding = useFinding(
    search,
    (words) => void navigate({ search: words ? { search: words } : {}, replace: true }),
  );
  const list = useInfiniteQuery(flowsQuery(search));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = list.isSuccess && items.length === 0 && search === '';

  const importButton = mayWrite ? (
    <Button variant="default" leftSection={<FileUp size={16} aria-hidden />} onClick={() => setOpened('import')}>
      {t('list.import')}
    </Button>
  ) : null;
  const newButton = mayWrite ? (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setOpened('new')}>
      {t('list.new')}
    </Button>
  ) : null;

  return (
    <>
      <PageHeader title={t('list.title')} description={t('list.text')}>
        {isEmpty ? null : (
          <>
            {importButton}
            {newButton}
          </>
        )}
      </PageHeader>
      {isEmpty ? null : <SearchBox label={t('list.search')} finding={finding} w={{ base: '100%', xs: 320 }} mb="md" />}
      <Text className="sr-only" role="status">
        {list.isSuccess && search !== '' ? t('list.found', { count: items.length }) : ''}
      </Text>
      {list.isPending ? <Loading rows={4} height={76} /> : null}
      {list.isError && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {isEmpty ? (
        <EmptyState
          icon={<Waypoints size={32} strokeWidth={1.5} aria-hidden />}
          title={t('empty.title')}
          text={mayWrite ? t('empty.text') : t('empty.readOnly')}
        >
          {mayWrite ? (
            <Group justify="center" mt="sm" gap="sm">
              {newButton}
              {importButton}
            </Group>
          ) : null}
        </EmptyState>
      ) : null}
      {list.isSuccess && items.length === 0 && search !== '' ? (
        <NothingFound title={t('list.noMatch', { search })} clearLabel={t('list.clear')} onClear={finding.clear} />
      ) : null}
      {items.length > 0 ? (
        <ul aria-label={t('list.title')} className={card.list}>
          {items.map((flow) => (
            <FlowRow key={flow.id} flow={flow} />
          ))}
        </ul>
      ) : null}
      <MoreButton query={list} />
      <NewFlowDialog isOpen={opened === 'new'} onClose={() => setOpened(null)} />
      <ImportFlowDialog isOpen={opened === 'import'} onClose={() => setOpened(null)} />
    </>
  );
}
