// All integrations: ready-made connections, then the custom ones, and how to get another.
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FileUp, Plug, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { PageHeader } from '../../components/PageHeader';
import { NothingFound, SearchBox, useFinding } from '../../components/SearchBox';
import { ImportIntegrationDialog } from './ImportIntegrationDialog';
import { IntegrationCard } from './IntegrationCard';
import classes from './integrations.module.css';
import { integrationsQuery } from './queries';
import { ReadyMade } from './ReadyMade';
import { TryExample } from './TryExample';

const route = getRouteApi('/signed-in/integrations');

export function IntegrationsPage() {
  const { t } = useTranslation('integrations');
  const { search = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = useMay('integrations:write');
  const [isImporting, setImporting] = useState(false);
  const finding = useFinding(
    search,
    (words) => void navigate({ search: words ? { search: words } : {}, replace: true }),
  );
  const list = useInfiniteQuery(integrationsQuery(search));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = list.isSuccess && items.length === 0 && search === '';

  const importButton = mayWrite ? (
    <Button variant="default" leftSection={<FileUp size={16} aria-hidden />} onClick={() => setImporting(true)}>
      {t('list.import')}
    </Button>
  ) : null;
  const newButton = mayWrite ? (
    <Button component={Link} to="/integrations/new" leftSection={<Plus size={16} aria-hidden />}>
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
      <Stack gap="xl">
        <ReadyMade />
        <section aria-labelledby="custom">
          <Group justify="space-between" mb="sm" gap="sm">
            <Title order={2} id="custom">
              {t('list.custom')}
            </Title>
            {isEmpty ? null : <SearchBox label={t('list.search')} finding={finding} w={{ base: '100%', xs: 280 }} />}
          </Group>
          <Text className="sr-only" role="status">
            {list.isSuccess && search !== '' ? t('list.found', { count: items.length }) : ''}
          </Text>
          {list.isPending ? <Loading rows={3} height={132} /> : null}
          {list.isError && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
          {isEmpty ? (
            <EmptyState
              icon={<Plug size={32} strokeWidth={1.5} aria-hidden />}
              title={t('empty.title')}
              text={mayWrite ? t('empty.text') : t('empty.readOnly')}
              order={3}
            >
              {mayWrite ? (
                <Group justify="center" mt="sm" gap="sm">
                  {newButton}
                  <TryExample />
                  {importButton}
                </Group>
              ) : null}
            </EmptyState>
          ) : null}
          {list.isSuccess && items.length === 0 && search !== '' ? (
            <NothingFound
              title={t('list.noMatch', { search })}
              clearLabel={t('list.clear')}
              onClear={finding.clear}
              order={3}
            />
          ) : null}
          {items.length > 0 ? (
            <ul aria-labelledby="custom" className={classes.cards}>
              {items.map((integration) => (
                <IntegrationCard key={integration.id} integration={integration} />
              ))}
            </ul>
          ) : null}
          <MoreButton query={list} />
        </section>
      </Stack>
      <ImportIntegrationDialog isOpen={isImporting} onClose={() => setImporting(false)} />
    </>
  );
}
