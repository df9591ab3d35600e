// Which version runs, whether it is well, and where the rest is written.
import { Anchor, Badge, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { at } from '../../base';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { PageHeader } from '../../components/PageHeader';
import { healthQuery } from './queries';

export function AboutPage() {
  const { t } = useTranslation('settings');
  const health = useQuery(healthQuery);
  return (
    <>
      <PageHeader title={t('pages.about')} />
      <Stack maw={560}>
        <Paper p="lg">
          {health.isPending ? <Loading rows={1} /> : null}
          {health.isError ? <ErrorPanel error={health.error} onRetry={() => void health.refetch()} /> : null}
          {health.data ? (
            <Group justify="space-between">
              <div>
                <Title order={2}>Recado</Title>
                <Text size="sm" c="dimmed">
                  {t('about.version', { version: health.data.version })}
                </Text>
              </div>
              <Badge color="jade">{t('about.well')}</Badge>
            </Group>
          ) : null}
        </Paper>
        <Paper p="lg">
          <Title order={2} mb="sm">
            {t('about.more')}
          </Title>
          <List size="sm" spacing="xs">
            <List.Item>
              <Anchor href={at('/api/docs')}>{t('about.docs')}</Anchor>
            </List.Item>
            <List.Item>
              <Anchor href={at('/api/v1/openapi.json')}>{t('about.openapi')}</Anchor>
            </List.Item>
          </List>
          <Text size="sm" c="dimmed" mt="md">
            {t('about.licence')}
          </Text>
        </Paper>
      </Stack>
    </>
  );
}
