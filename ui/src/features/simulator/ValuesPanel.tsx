// What a conversation knows: answers, variables, and what its calls gave.
import { Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Conversation } from '../../api/schema';
import { CodeBlock } from '../../components/CodeBlock';

const GROUPS = ['answers', 'variables', 'outputs'] as const;

interface Props {
  conversation: Pick<Conversation, (typeof GROUPS)[number]>;
  order?: 2 | 3;
}

export function ValuesPanel({ conversation, order = 2 }: Props) {
  const { t } = useTranslation('simulator');
  const isEmpty = GROUPS.every((group) => Object.keys(conversation[group] ?? {}).length === 0);
  if (isEmpty) {
    return (
      <Text size="sm" c="dimmed">
        {t('values.empty')}
      </Text>
    );
  }
  return (
    <Stack gap="lg">
      {GROUPS.map((group) => {
        const pairs = flat(conversation[group] ?? {}, group === 'outputs');
        return pairs.length === 0 ? null : (
          <section key={group} aria-label={t(`values.${group}`)}>
            <Title order={order} size="h4" mb={4}>
              {t(`values.${group}`)}
            </Title>
            <Table aria-label={t(`values.${group}`)} layout="fixed" verticalSpacing={6}>
              <Table.Tbody>
                {pairs.map(([key, value]) => (
                  <Table.Tr key={key}>
                    <Table.Th fw={500} className="mono breaks" w="42%">
                      {key}
                    </Table.Th>
                    <Table.Td className="breaks">
                      <Value of={value} label={key} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </section>
        );
      })}
    </Stack>
  );
}

function Value({ of: value, label }: { of: unknown; label: string }) {
  const { t } = useTranslation('simulator');
  if (value === null || value === undefined || value === '')
    return (
      <Text span size="sm" c="dimmed">
        {t('values.none')}
      </Text>
    );
  if (typeof value === 'boolean') return <>{t(value ? 'common:yes' : 'common:no')}</>;
  if (typeof value === 'object')
    return <CodeBlock text={JSON.stringify(value, null, 2)} label={label} maxHeight={180} />;
  return <>{String(value as string | number)}</>;
}

/** Outputs are kept by block: `create.validation_id`. */
function flat(values: Record<string, unknown>, isNested: boolean): [string, unknown][] {
  return Object.entries(values).flatMap(([key, value]): [string, unknown][] =>
    isNested && value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value).map(([name, each]) => [`${key}.${name}`, each])
      : [[key, value]],
  );
}
