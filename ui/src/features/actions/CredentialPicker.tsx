// Chooses the credential a test runs with; the one used last comes first.
import { Anchor, Group, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Integration } from '../../api/schema';
import { VerdictBadge } from '../../components/badges';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { inOrder } from './credentialChoices';
import { credentialChoicesQuery } from './queries';

interface Props {
  integration: Integration;
  value: string | null;
  lastUsed: string | null | undefined;
  onChange: (credentialId: string | null) => void;
  isRequired: boolean;
  error?: string;
}

const NONE = '';

export function CredentialPicker({ integration, value, lastUsed, onChange, isRequired, error }: Props) {
  const { t } = useTranslation('actions');
  const query = useQuery(credentialChoicesQuery(integration.id));
  if (query.isPending) return <Loading rows={1} height={60} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const add = (
    <Anchor
      size="sm"
      underline="always"
      renderRoot={(props) => (
        <Link to="/integrations/$integrationId/credentials" params={{ integrationId: integration.id }} {...props} />
      )}
    >
      {t('test.addCredential')}
    </Anchor>
  );
  if (query.data.length === 0) {
    return (
      <div data-value="credential" tabIndex={-1} style={{ outline: 'none' }}>
        <Text size="sm" fw={500}>
          {t('test.credential')}
        </Text>
        <Text size="sm" c={error ? 'red' : 'dimmed'}>
          {t(isRequired ? 'test.noCredentialNeeded' : 'test.noCredential')} {add}
        </Text>
      </div>
    );
  }
  const verdicts = new Map(query.data.map(({ id, last_test: test }) => [id, test?.verdict]));
  const choices = inOrder(query.data, lastUsed).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      label={t('test.credential')}
      description={
        <>
          {t('test.credentialHint')} {add}
        </>
      }
      data={isRequired ? choices : [...choices, { value: NONE, label: t('test.withoutCredential') }]}
      value={value ?? NONE}
      onChange={(chosen) => onChange(chosen || null)}
      error={error}
      data-value="credential"
      renderOption={({ option }) => (
        <Group justify="space-between" w="100%" wrap="nowrap" gap="xs">
          <Text size="sm" truncate>
            {option.label}
          </Text>
          {verdicts.get(option.value) ? <VerdictBadge verdict={verdicts.get(option.value) ?? ''} /> : null}
        </Group>
      )}
      withScrollArea={false}
      styles={{ dropdown: { maxHeight: 260, overflowY: 'auto' } }}
    />
  );
}
