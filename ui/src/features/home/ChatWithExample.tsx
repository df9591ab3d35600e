// Leads to the chat of the worked example's flow, once the example was made.
import { Button, Group, Paper, Text, ThemeIcon, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MessageCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { exampleQuery } from '../integrations/queries';

export function ChatWithExample() {
  const { t } = useTranslation('home');
  const mayTry = useMay('flows:write');
  const { data: example } = useQuery(exampleQuery);
  const flowId = example?.flow_id;
  if (!flowId || !mayTry) return null;
  return (
    <Paper p="md">
      <Group gap="md" wrap="nowrap" align="flex-start">
        <ThemeIcon size={40} radius="xl" variant="light" color="jade" aria-hidden>
          <MessageCircle size={20} />
        </ThemeIcon>
        <div>
          <Title order={2} size="h4">
            {t('example.title')}
          </Title>
          <Text size="sm" c="dimmed" mb="sm">
            {t('example.text')}
          </Text>
          <Button
            size="sm"
            renderRoot={(props) => <Link to="/flows/$flowId/simulator" params={{ flowId }} {...props} />}
          >
            {t('example.chat')}
          </Button>
        </div>
      </Group>
    </Paper>
  );
}
