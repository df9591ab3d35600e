// The credentials of an integration: a table, or cards where there is little room. No value is ever shown.
import { Group, Paper, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { AuthField, Credential } from '../../api/schema';
import { Hosts, LastTest, UsedBy, ValueStates } from './facts';
import { RowActions, type RowHandlers } from './RowActions';

interface Props extends RowHandlers {
  credentials: Credential[];
  fields: AuthField[];
  /** Those that are being tested. */
  testing: ReadonlySet<string>;
}

export function CredentialList(props: Props) {
  const isNarrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  return isNarrow ? <Cards {...props} /> : <Rows {...props} />;
}

function Rows({ credentials, fields, testing, ...handlers }: Props) {
  const { t } = useTranslation('credentials');
  return (
    <Paper style={{ background: 'var(--recado-raised)', overflow: 'hidden' }}>
      <Table aria-label={t('list.title')} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('common:name')}</Table.Th>
            <Table.Th>{t('list.lastTest')}</Table.Th>
            <Table.Th>{t('list.hosts')}</Table.Th>
            <Table.Th>{t('list.usedBy')}</Table.Th>
            <Table.Th>
              <span className="sr-only">{t('list.actions')}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {credentials.map((credential) => (
            <Table.Tr key={credential.id}>
              <Table.Th scope="row" fw={400} maw={320} style={{ verticalAlign: 'top' }}>
                <Text fw={600} className="breaks">
                  {credential.name}
                </Text>
                <ValueStates credential={credential} fields={fields} />
              </Table.Th>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <LastTest credential={credential} isTesting={testing.has(credential.id)} />
              </Table.Td>
              <Table.Td maw={240} style={{ verticalAlign: 'top' }}>
                <Hosts credential={credential} />
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <UsedBy credential={credential} />
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <RowActions credential={credential} isTesting={testing.has(credential.id)} {...handlers} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Cards({ credentials, fields, testing, ...handlers }: Props) {
  const { t } = useTranslation('credentials');
  return (
    <Stack component="ul" aria-label={t('list.title')} gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
      {credentials.map((credential) => (
        <Paper component="li" key={credential.id} p="md" style={{ background: 'var(--recado-raised)' }}>
          <Stack gap="sm">
            <div>
              <Text fw={600} className="breaks">
                {credential.name}
              </Text>
              <ValueStates credential={credential} fields={fields} />
            </div>
            <Fact label={t('list.lastTest')}>
              <LastTest credential={credential} isTesting={testing.has(credential.id)} />
            </Fact>
            <Fact label={t('list.hosts')}>
              <Hosts credential={credential} />
            </Fact>
            <Fact label={t('list.usedBy')}>
              <UsedBy credential={credential} />
            </Fact>
            <RowActions credential={credential} isTesting={testing.has(credential.id)} {...handlers} />
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Text size="xs" c="dimmed" w={92} style={{ flexShrink: 0 }} pt={2}>
        {label}
      </Text>
      <div style={{ minWidth: 0 }}>{children}</div>
    </Group>
  );
}
