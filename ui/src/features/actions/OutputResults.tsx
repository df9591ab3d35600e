// What became of each output in one execution, as the server picked them.
import { Code, Group, Paper, Stack, Text } from '@mantine/core';
import { CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Execution, OutputResult } from '../../api/schema';

export function OutputResults({ execution }: { execution: Execution }) {
  const { t } = useTranslation('actions');
  if (execution.output_results.length === 0) return null;
  return (
    <Paper p="sm">
      <Text size="sm" fw={600} mb={6}>
        {t('steps.outputs')}
      </Text>
      <Stack gap={4} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {execution.output_results.map((result) => (
          <Group key={result.identifier} component="li" gap="xs" wrap="nowrap" align="flex-start">
            <Mark result={result.result} />
            <Text size="sm" className="breaks">
              <Code>{result.identifier}</Code>{' '}
              {result.result === 'found' ? <ValueText value={result.value} /> : t(`results.${result.result}`)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}

export function Mark({ result }: { result: OutputResult['result'] }) {
  if (result === 'found')
    return (
      <CircleCheck
        size={16}
        aria-hidden
        color="var(--mantine-color-jade-text)"
        style={{ flex: 'none', marginTop: 2 }}
      />
    );
  const Icon = result === 'null' ? CircleHelp : TriangleAlert;
  return (
    <Icon
      size={16}
      aria-hidden
      color="var(--mantine-color-yellow-light-color)"
      style={{ flex: 'none', marginTop: 2 }}
    />
  );
}

const MOST = 200;

function ValueText({ value }: { value: unknown }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return <>{text.length > MOST ? `${text.slice(0, MOST)}…` : text}</>;
}
