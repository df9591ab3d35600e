// The connections that need no set-up: none are made yet, and the section says so calmly.
import { Group, Paper, Text, ThemeIcon, Title } from '@mantine/core';
import { Blocks } from 'lucide-react';
import { useTranslation } from 'react-i18next';

export function ReadyMade() {
  const { t } = useTranslation('integrations');
  return (
    <section aria-labelledby="ready-made">
      <Title order={2} id="ready-made" mb="sm">
        {t('readyMade.title')}
      </Title>
      <Paper p="md" style={{ borderStyle: 'dashed', background: 'transparent' }}>
        <Group gap="md" wrap="nowrap" align="flex-start">
          <ThemeIcon size={40} variant="default" aria-hidden>
            <Blocks size={20} />
          </ThemeIcon>
          <div>
            <Text fw={600} size="sm">
              {t('readyMade.none')}
            </Text>
            <Text size="sm" c="dimmed" maw={640}>
              {t('readyMade.text')}
            </Text>
          </div>
        </Group>
      </Paper>
    </section>
  );
}
