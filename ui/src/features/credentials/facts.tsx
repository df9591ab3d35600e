// What is known of a credential without its values: how its last test went, where it may go, what uses it, what is set.
import { Badge, Code, Group, Stack, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { AuthField, Credential } from '../../api/schema';
import { VerdictBadge } from '../../components/badges';
import { When } from '../../components/When';
import { dayOf } from './days';

export function LastTest({
  credential: { last_test: last },
  isTesting,
}: {
  credential: Credential;
  isTesting: boolean;
}) {
  const { t } = useTranslation('credentials');
  if (isTesting)
    return (
      <Text size="sm" c="dimmed" role="status">
        {t('list.testing')}
      </Text>
    );
  if (!last)
    return (
      <Text size="sm" c="dimmed">
        {t('list.notTested')}
      </Text>
    );
  return (
    <Stack gap={2} align="flex-start">
      <VerdictBadge verdict={last.verdict} />
      <Text size="xs" c="dimmed" component="span">
        {last.status ? <>{last.status} · </> : null}
        <When at={last.at} />
      </Text>
    </Stack>
  );
}

export function Hosts({ credential: { hosts } }: { credential: Credential }) {
  const { t } = useTranslation('credentials');
  if (hosts.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('list.noHosts')}
      </Text>
    );
  return (
    <Group gap={4}>
      {hosts.map((host) => (
        <Code key={host} className="breaks">
          {host}
        </Code>
      ))}
    </Group>
  );
}

export function UsedBy({ credential: { used_by: uses } }: { credential: Credential }) {
  const { t } = useTranslation('credentials');
  if (uses.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('list.notUsed')}
      </Text>
    );
  return (
    <Text size="sm" className="breaks">
      {uses.map(({ name }) => name).join(', ')}
    </Text>
  );
}

export function ValueStates({ credential, fields }: { credential: Credential; fields: AuthField[] }) {
  const { t, i18n } = useTranslation('credentials');
  const language = i18n.resolvedLanguage ?? 'en';
  if (credential.is_damaged)
    return (
      <Badge color="red" leftSection={<TriangleAlert size={13} aria-hidden />}>
        {t('list.damaged')}
      </Badge>
    );
  return (
    <Stack gap={0}>
      {fields.map(({ id, name, identifier, required }) => {
        const state = credential.fields[identifier];
        const label = name ?? identifier;
        if (state?.is_set && state.updated_at) {
          return (
            <Text key={id} size="xs" c="dimmed" className="breaks">
              {t('list.set', { name: label, day: dayOf(state.updated_at, language) })}
            </Text>
          );
        }
        return (
          <Group key={id} gap={4} wrap="nowrap">
            {required ? <TriangleAlert size={13} aria-hidden color="var(--mantine-color-error)" /> : null}
            <Text size="xs" c={required ? 'var(--mantine-color-error)' : 'dimmed'} className="breaks">
              {t(required ? 'list.missing' : 'list.notSet', { name: label })}
            </Text>
          </Group>
        );
      })}
    </Stack>
  );
}
