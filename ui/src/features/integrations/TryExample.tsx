// Makes the worked example, where this server offers it.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Sparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import { exampleQuery, useCreateExample } from './queries';

export function TryExample() {
  const { t } = useTranslation('integrations');
  const navigate = useNavigate();
  const { data: example } = useQuery(exampleQuery);
  const creating = useCreateExample();
  if (!example?.is_available) return null;

  async function make() {
    if (creating.isPending) return;
    try {
      const made = await creating.mutateAsync();
      notifications.show({ message: t('example.done') });
      await navigate({ to: '/integrations/$integrationId/actions', params: { integrationId: made.integration_id } });
    } catch (error) {
      notifications.show({
        color: 'red',
        title: t('example.failed'),
        message: asProblem(error).text,
        autoClose: false,
      });
    }
  }

  return (
    <Button
      variant="light"
      leftSection={<Sparkles size={16} aria-hidden />}
      loading={creating.isPending}
      onClick={() => void make()}
    >
      {t('example.try')}
    </Button>
  );
}
