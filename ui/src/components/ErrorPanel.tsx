// A failure in words: what happened, the way out, and the id that leads to the server's log line.
import { Alert, Button, Code, Group, List, Text } from '@mantine/core';
import { RotateCcw, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { asProblem, sentence } from '../api/problem';

interface Props {
  error: unknown;
  title?: string;
  onRetry?: () => void;
  /** Whether the wrong fields are shown beside their inputs already. */
  isFieldsShown?: boolean;
}

export function ErrorPanel({ error, title, onRetry, isFieldsShown = false }: Props) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  return (
    <Alert
      color="red"
      variant="light"
      icon={<TriangleAlert size={20} aria-hidden />}
      title={title ?? t('failed')}
      role="alert"
    >
      <Text size="sm" className="breaks">
        {problem.text}
      </Text>
      {!isFieldsShown && problem.fields.length > 1 ? (
        <List size="sm" mt="xs">
          {problem.fields.map((field) => (
            <List.Item key={field.path + field.code}>
              <Code>{field.path}</Code> {sentence(field.code, field.message, field.params)}
            </List.Item>
          ))}
        </List>
      ) : null}
      {problem.usedBy.length > 0 ? (
        <List size="sm" mt="xs">
          {problem.usedBy.map((use) => (
            <List.Item key={use.id ?? use.name}>{use.name}</List.Item>
          ))}
        </List>
      ) : null}
      <Group mt="xs" gap="sm">
        {onRetry ? (
          <Button size="xs" variant="default" leftSection={<RotateCcw size={14} aria-hidden />} onClick={onRetry}>
            {t('retry')}
          </Button>
        ) : null}
        {problem.requestId ? (
          <Text size="xs" c="dimmed">
            {t('requestId')} <Code>{problem.requestId}</Code>
          </Text>
        ) : null}
      </Group>
    </Alert>
  );
}
