// Where requests may go, in words.
import { Alert, Code, Group, List, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { PageHeader } from '../../components/PageHeader';
import { addressPolicyQuery } from './queries';

export function AddressPolicyPage() {
  const { t } = useTranslation('settings');
  const query = useQuery(addressPolicyQuery);
  return (
    <>
      <PageHeader title={t('pages.addressPolicy')} description={t('policy.text')} />
      {query.isPending ? <Loading /> : null}
      {query.isError ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data ? (
        <Stack maw={760}>
          <Paper p="lg">
            <List spacing="md" icon={<ShieldCheck size={18} aria-hidden />} center={false}>
              {query.data.rules.map((rule) => (
                <List.Item key={rule.code}>
                  <Text size="sm">{t(`policy.rules.${rule.code}`, { defaultValue: rule.text })}</Text>
                  {rule.values.length > 0 ? (
                    <Group gap={6} mt={6}>
                      {rule.values.map((value) => (
                        <Code key={value} className="breaks">
                          {value}
                        </Code>
                      ))}
                    </Group>
                  ) : null}
                </List.Item>
              ))}
            </List>
          </Paper>
          {query.data.is_proxied ? <Alert color="blue">{t('policy.proxied')}</Alert> : null}
          <Text size="sm" c="dimmed">
            {t('policy.operator')}
          </Text>
        </Stack>
      ) : null}
    </>
  );
}
