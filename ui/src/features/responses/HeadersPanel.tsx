// The headers of a response, in the order they came.
import { Paper, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { HeaderShown } from '../../api/schema';

export function HeadersPanel({ headers }: { headers: HeaderShown[] }) {
  const { t } = useTranslation('responses');
  if (headers.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('headers.none')}
      </Text>
    );
  }
  return (
    <Paper>
      <Table aria-label={t('tabs.headers')} verticalSpacing={6} layout="fixed">
        <Table.Tbody>
          {headers.map(({ key, value }, index) => (
            // A header may come twice, and their order never changes.
            // oxlint-disable-next-line react/no-array-index-key
            <Table.Tr key={`${index} ${key}`}>
              <Table.Th scope="row" w="36%" className="breaks" style={{ verticalAlign: 'top' }}>
                <code>{key}</code>
              </Table.Th>
              <Table.Td className="breaks">
                <code>{value}</code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
