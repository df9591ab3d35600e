// The start: what to do next, how the last day went, and what just ran.
import { Anchor, Button, Grid, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { MessageCircleReply, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Integration } from '../../api/schema';
import { useMay, useSession } from '../../api/session';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { PageHeader } from '../../components/PageHeader';
import { executionsQuery, statisticsQuery } from '../executions/queries';
import { VolumeChart } from '../executions/VolumeChart';
import { Health } from '../integrations/Health';
import { Logo } from '../integrations/Logo';
import { integrationsQuery } from '../integrations/queries';
import { TryExample } from '../integrations/TryExample';
import { ChatWithExample } from './ChatWithExample';
import { Checklist } from './Checklist';
import { Latest } from './Latest';
import { stepsOf } from './steps';

export function HomePage() {
  const { t } = useTranslation('home');
  const { user } = useSession();
  const mayRead = useMay('integrations:read');
  const name = user?.name.split(' ')[0];
  return (
    <>
      <PageHeader title={name ? t('hello', { name }) : t('title')} />
      {mayRead ? <Overview /> : <Text c="dimmed">{t('nothingToRead')}</Text>}
    </>
  );
}

function Overview() {
  const navigate = useNavigate();
  const query = useInfiniteQuery(integrationsQuery(''));
  const statistics = useQuery(statisticsQuery({}, true));
  const latest = useInfiniteQuery(executionsQuery({}, true));
  const mayWrite = useMay('integrations:write');
  const integrations = query.data?.pages.flatMap((page) => page.items) ?? [];

  if (query.isPending) return <Loading rows={5} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (integrations.length === 0) return <Welcome mayWrite={mayWrite} />;
  const executions = latest.data?.pages[0]?.items ?? [];
  const names = new Map(statistics.data?.actions.map((action) => [action.action_id, action.name]));
  const failing = integrations.filter((integration) => integration.last_day.failed > 0);
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Stack gap="lg">
          {statistics.isError ? (
            <ErrorPanel error={statistics.error} onRetry={() => void statistics.refetch()} />
          ) : null}
          {statistics.data ? (
            <VolumeChart
              buckets={statistics.data.buckets}
              bucketSeconds={statistics.data.bucket_seconds}
              onSpan={(since, until) => void navigate({ to: '/executions', search: { since, until } })}
            />
          ) : null}
          <Latest executions={executions.slice(0, 6)} names={names} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Stack gap="lg">
          <ChatWithExample />
          <Checklist steps={stepsOf(integrations, executions)} />
          {failing.length > 0 ? <Failing integrations={failing} /> : null}
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

function Welcome({ mayWrite }: { mayWrite: boolean }) {
  const { t } = useTranslation('home');
  return (
    <EmptyState
      icon={<MessageCircleReply size={36} strokeWidth={1.5} aria-hidden />}
      title={t('welcome')}
      text={t(mayWrite ? 'welcomeText' : 'welcomeReader')}
    >
      {mayWrite ? (
        <Group justify="center" gap="sm" mt="sm">
          <Button component={Link} to="/integrations/new" leftSection={<Plus size={16} aria-hidden />}>
            {t('newIntegration')}
          </Button>
          <TryExample />
        </Group>
      ) : null}
    </EmptyState>
  );
}

function Failing({ integrations }: { integrations: Integration[] }) {
  const { t } = useTranslation('home');
  return (
    <Paper p="md">
      <Title order={2} size="h3" mb="sm">
        {t('failing')}
      </Title>
      <Stack gap="sm">
        {integrations.slice(0, 5).map((integration) => (
          <Group key={integration.id} gap="sm" wrap="nowrap">
            <Logo name={integration.name} integrationId={integration.id} logoUrl={integration.logo_url} size={32} />
            <div style={{ minWidth: 0 }}>
              <Anchor
                size="sm"
                renderRoot={(props) => (
                  <Link
                    to="/integrations/$integrationId/actions"
                    params={{ integrationId: integration.id }}
                    {...props}
                  />
                )}
                className="breaks"
              >
                {integration.name}
              </Anchor>
              <Health integrationId={integration.id} lastDay={integration.last_day} />
            </div>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
