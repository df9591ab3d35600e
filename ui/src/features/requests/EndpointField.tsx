// Where a request goes: a URL with references in it; a pasted cURL command fills the whole request.
import { Button, Group, Text } from '@mantine/core';
import { ArrowDownToLine } from 'lucide-react';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../api/schema';
import { TemplateField, type ReferenceOption } from '../../components/TemplateField';
import { looksLikeCurl } from './curl/parse';
import { splitQuery } from './urls';

interface Props {
  value: string;
  onChange: (value: string) => void;
  onMoveQuery: (endpoint: string, rows: Row[]) => void;
  onCurl: (command: string) => void;
  references: ReferenceOption[];
  isReadOnly: boolean;
  error?: string;
  softError?: string;
}

export const EndpointField = memo(function EndpointField({
  value,
  onChange,
  onMoveQuery,
  onCurl,
  references,
  isReadOnly,
  error,
  softError,
}: Props) {
  const { t } = useTranslation('requests');
  const split = useMemo(() => (isReadOnly ? null : splitQuery(value)), [value, isReadOnly]);
  return (
    <div>
      <TemplateField
        label={t('endpoint.label')}
        value={value}
        onChange={onChange}
        references={references}
        placeholder="https://api.example.com/v1/…"
        required
        readOnly={isReadOnly}
        onPasteText={(text) => {
          if (isReadOnly || !looksLikeCurl(text)) return false;
          onCurl(text);
          return true;
        }}
        error={error}
        softError={softError}
      />
      <div role="status">
        {split ? (
          <Group gap="xs" mt={6}>
            <Text size="xs" c="dimmed">
              {t('endpoint.hasQuery', { count: split.rows.length })}
            </Text>
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<ArrowDownToLine size={12} aria-hidden />}
              onClick={() => onMoveQuery(split.endpoint, split.rows)}
            >
              {t('endpoint.moveQuery')}
            </Button>
          </Group>
        ) : null}
      </div>
    </div>
  );
});
