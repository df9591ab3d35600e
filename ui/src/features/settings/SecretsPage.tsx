// With which keys secrets are sealed, and how far a rotation has come.
import { Badge, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { PageHeader } from '../../components/PageHeader';
import { When } from '../../components/When';
import { WithCode } from '../../components/WithCode';
import { secretsQuery } from './queries';

export function SecretsPage() {
  const { t } = useTranslation('settings');
  const query = useQuery(secretsQuery);
  const state = query.data;
  return (
    <>
      <PageHeader title={t('pages.secrets')} description={t('secrets.text')} />
      {query.isPending ? <Loading /> : null}
      {query.isError ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {state ? (
        <Stack gap="lg" maw={760}>
          <Paper p="lg">
            <Title order={2} mb="sm">
              {t('secrets.key')}
            </Title>
            <Stack gap="sm">
              {state.fingerprint ? (
                <div>
                  <Text size="sm" fw={600}>
                    {t('secrets.fingerprint')}
                  </Text>
                  <Code block className="breaks" style={{ whiteSpace: 'pre-wrap' }}>
                    {state.fingerprint.replace(/(.{4})/g, '$1 ').trim()}
                  </Code>
                  <Text size="xs" c="dimmed" mt={4}>
                    <WithCode text={t('secrets.fingerprintHint')} />
                  </Text>
                </div>
              ) : (
                <Text size="sm">{t('secrets.none')}</Text>
              )}
              <Text size="sm">
                {state.alg}
                {state.created_at ? (
                  <>
                    , {t('secrets.since')} <When at={state.created_at} />
                  </>
                ) : null}
              </Text>
              <div>
                <Text size="sm" fw={600}>
                  {t('secrets.provider')}
                </Text>
                <Text size="sm">
                  {t(`secrets.providers.${state.kek_provider}`, { defaultValue: state.kek_provider })}
                </Text>
              </div>
              <div>
                <Text size="sm" fw={600}>
                  {t('secrets.clientSealing')}
                </Text>
                <Text size="sm">
                  {t(state.is_client_sealing_required ? 'secrets.clientSealingOn' : 'secrets.clientSealingOff')}
                </Text>
              </div>
            </Stack>
          </Paper>
          <Paper p="lg">
            <Title order={2} mb="sm">
              {t('secrets.keys')}
            </Title>
            <Stack component="ul" aria-label={t('secrets.keys')} gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
              {state.keys.map((key) => (
                <Group key={key.kid} component="li" gap="xs" justify="space-between">
                  <Code>{key.kid}</Code>
                  <Text size="sm">
                    <When at={key.created_at} />
                  </Text>
                  <Text size="sm">{t('secrets.values', { count: key.sealed_values })}</Text>
                  <Badge color={key.is_current ? 'jade' : 'yellow'}>
                    {t(key.is_current ? 'secrets.current' : 'secrets.old')}
                  </Badge>
                </Group>
              ))}
            </Stack>
            <Text size="sm" c="dimmed" mt="md">
              <WithCode text={t('secrets.rotate')} />
            </Text>
          </Paper>
        </Stack>
      ) : null}
    </>
  );
}
