// The message templates that Meta keeps for a channel's account.
import { Alert, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { LayoutTemplate, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { PageHeader } from '../../components/PageHeader';
import { SearchBox } from '../../components/SearchBox';
import { When } from '../../components/When';
import { channelQuery } from '../channels/queries';
import { useParents } from '../channels/useParents';
import { fetchTemplates, templatesQuery } from './queries';
import { isApproved, keyOf, shapeOf, type Template } from './template';
import { TemplatePreview } from './TemplatePreview';
import classes from './templates.module.css';

const route = getRouteApi('/signed-in/channels/$channelId/templates');

export function TemplatesPage() {
  const { channelId } = route.useParams();
  const { t } = useTranslation(['templates', 'channels']);
  const { data: channel } = useSuspenseQuery(channelQuery(channelId));
  const client = useQueryClient();
  const list = useQuery(templatesQuery(channelId));
  const reloading = useMutation({
    mutationFn: () => fetchTemplates(channelId, true),
    onSuccess: (found) => client.setQueryData(templatesQuery(channelId).queryKey, found),
  });
  const [words, setWords] = useState('');
  const items = list.data?.items ?? [];
  const shown = items.filter(({ name }) => name.includes(words.trim().toLowerCase().replaceAll(' ', '_')));
  const problem = reloading.error ?? list.error;
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} parents={useParents(channel)}>
        <Button
          variant="default"
          leftSection={<RefreshCw size={16} aria-hidden />}
          loading={reloading.isPending || (list.isFetching && !list.isPending)}
          disabled={list.isPending}
          onClick={() => reloading.mutate()}
        >
          {t('reload')}
        </Button>
      </PageHeader>
      <Stack gap="md">
        {list.isPending ? <Loading rows={3} height={120} /> : null}
        {problem ? <ErrorPanel error={problem} onRetry={() => reloading.mutate()} /> : null}
        {list.isSuccess && items.length === 0 ? (
          <EmptyState
            icon={<LayoutTemplate size={32} strokeWidth={1.5} aria-hidden />}
            title={t('empty')}
            text={t('emptyText')}
          />
        ) : null}
        {list.isSuccess && items.length > 0 ? (
          <>
            <Group gap="md" justify="space-between">
              <SearchBox
                label={t('common:search')}
                hint={t('searchHint')}
                finding={{ typed: words, type: setWords }}
                w={{ base: '100%', xs: 280 }}
              />
              <Text size="sm" c="dimmed" role="status">
                {t('count', { count: shown.length })} · <When at={list.data.fetched_at} />
              </Text>
            </Group>
            <ul className={classes.list} aria-label={t('title')}>
              {shown.map((template) => (
                <Entry key={template.id || keyOf(template)} template={template} />
              ))}
            </ul>
          </>
        ) : null}
      </Stack>
    </>
  );
}

function Entry({ template }: { template: Template }) {
  const { t } = useTranslation('templates');
  const shape = shapeOf(template);
  const status = template.status.toLowerCase();
  return (
    <Paper component="li" p="md" style={{ background: 'var(--recado-raised)' }}>
      <Stack gap="sm">
        <Group gap="sm" justify="space-between">
          <div style={{ minWidth: 0 }}>
            <Text fw={650} className="mono breaks">
              {template.name}
            </Text>
            <Text size="sm" c="dimmed">
              {template.language}
              {template.category
                ? ` · ${t(`categories.${template.category.toLowerCase()}`, { defaultValue: template.category })}`
                : ''}
            </Text>
          </div>
          <Badge color={isApproved(template) ? 'jade' : status === 'rejected' ? 'red' : 'yellow'}>
            {t(`states.${status}`, { defaultValue: template.status })}
          </Badge>
        </Group>
        <TemplatePreview shape={shape} />
        {shape.slots.length > 0 ? (
          <Text size="sm" c="dimmed" className="breaks">
            {t('values', { count: shape.slots.length })}:{' '}
            {shape.slots.map(({ kind, name }) => t(`places.${kind}`, { name })).join(', ')}
          </Text>
        ) : null}
        {shape.unfit ? (
          <Alert role="note" color="yellow" p="xs">
            {t(`unfit.${shape.unfit}`)}
          </Alert>
        ) : null}
      </Stack>
    </Paper>
  );
}
