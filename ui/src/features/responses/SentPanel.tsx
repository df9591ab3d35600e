// What was sent, to the letter; the server has masked its secrets.
import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { RequestShown } from '../../api/schema';
import { CodeBlock } from '../../components/CodeBlock';

export function SentPanel({ request }: { request: RequestShown | null }) {
  const { t } = useTranslation('responses');
  if (!request) {
    return (
      <Text size="sm" c="dimmed">
        {t('sent.nothing')}
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">
        {t('sent.masked')}
      </Text>
      <CodeBlock text={sentText(request)} label={t('sent.label')} maxHeight={440} />
    </Stack>
  );
}

/** The request as lines: method and URL, headers, an empty line and the body. */
export function sentText({ method, url, headers, body }: RequestShown): string {
  const lines = [`${method} ${url}`, ...headers.map(({ key, value }) => `${key}: ${value}`)];
  return body ? `${lines.join('\n')}\n\n${body}` : lines.join('\n');
}
