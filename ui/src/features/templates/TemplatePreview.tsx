// A template as people see it on their phone, with its values as far as they are known.
import { Group, Paper, Stack, Text } from '@mantine/core';
import { FileText, Reply } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { Formatted } from '../simulator/Formatted';
import { filledHeader, filledText, type Shape } from './template';

const NO_VALUES = {};

export function TemplatePreview({ shape, values = NO_VALUES }: { shape: Shape; values?: Record<string, string> }) {
  const { t } = useTranslation('templates');
  return (
    <Paper p="sm" maw={420} role="group" aria-label={t('preview')} style={{ background: 'var(--recado-code)' }}>
      <Stack gap={4}>
        {shape.header ? (
          <Text size="sm" fw={650} className="breaks">
            {filledHeader(shape, values)}
          </Text>
        ) : null}
        {shape.file ? (
          <Group gap={6} wrap="nowrap" c="dimmed">
            <FileText size={16} aria-hidden />
            <Text size="sm">{t(`files.${shape.file}`)}</Text>
          </Group>
        ) : null}
        <Text size="sm" component="div" className="breaks" style={{ whiteSpace: 'pre-wrap' }}>
          <Formatted text={filledText(shape.body, values)} />
        </Text>
        {shape.footer ? (
          <Text size="xs" c="dimmed" className="breaks">
            {shape.footer}
          </Text>
        ) : null}
        {shape.buttons.length > 0 ? (
          <Group gap="md" mt={4}>
            {shape.buttons.map((button) => (
              <Group key={button} gap={4} wrap="nowrap">
                <Reply size={13} aria-hidden />
                <Text size="xs" fw={600} className="breaks">
                  {button}
                </Text>
              </Group>
            ))}
          </Group>
        ) : null}
      </Stack>
    </Paper>
  );
}
