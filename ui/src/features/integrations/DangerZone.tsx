// Takes an integration out as a file, or deletes it, naming what goes with it.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Download, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Integration } from '../../api/schema';
import { useMay } from '../../api/session';
import { at } from '../../base';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { actionChoicesQuery, credentialChoicesQuery } from '../actions/queries';
import { useDeleteIntegration } from './queries';

const SHOWN = 12;

export function DangerZone({ integration }: { integration: Integration }) {
  const { t } = useTranslation('integrations');
  const navigate = useNavigate();
  const mayWrite = useMay('integrations:write');
  const mayEnter = useMay('credentials:write');
  const deleting = useDeleteIntegration(integration.id);
  const [isAsking, { open, close }] = useDisclosure(false);
  const { data: actions } = useQuery({ ...actionChoicesQuery(integration.id), enabled: isAsking });
  const { data: credentials } = useQuery({ ...credentialChoicesQuery(integration.id), enabled: isAsking });
  const isKept = integration.credentials_count > 0 && !mayEnter;

  const all = [
    ...(actions ?? []).map(({ name }) => t('danger.action', { name })),
    ...(credentials ?? []).map(({ name }) => t('danger.credential', { name })),
  ];
  const count = integration.actions_count + integration.credentials_count;
  const shown = all.slice(0, SHOWN);
  if (count > shown.length && shown.length > 0) shown.push(t('danger.more', { count: count - shown.length }));

  async function remove() {
    await deleting.mutateAsync();
    notifications.show({ message: t('danger.deleted', { name: integration.name }) });
    await navigate({ to: '/integrations', ignoreBlocker: true });
  }

  return (
    <Paper p={{ base: 'md', sm: 'xl' }} style={{ background: 'var(--recado-raised)' }}>
      <Stack gap="lg">
        <Group justify="space-between" gap="md">
          <div>
            <Title order={2} size="h3">
              {t('export.title')}
            </Title>
            <Text size="sm" c="dimmed" maw={520}>
              {t('export.text')}
            </Text>
          </div>
          <Button
            component="a"
            href={at(`/api/v1/integrations/${integration.id}/export`)}
            download
            variant="default"
            leftSection={<Download size={16} aria-hidden />}
          >
            {t('export.submit')}
          </Button>
        </Group>
        {mayWrite ? (
          <Group justify="space-between" gap="md">
            <div>
              <Title order={2} size="h3">
                {t('danger.title')}
              </Title>
              <Text size="sm" c="dimmed" maw={520}>
                {t(isKept ? 'danger.kept' : 'danger.text')}
              </Text>
            </div>
            <Button
              variant="outline"
              color="red"
              leftSection={<Trash2 size={16} aria-hidden />}
              disabled={isKept}
              onClick={open}
            >
              {t('danger.delete')}
            </Button>
          </Group>
        ) : null}
      </Stack>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={close}
        title={t('danger.ask', { name: integration.name })}
        text={t(count > 0 ? 'danger.losses' : 'danger.nothing')}
        losses={shown}
        confirmLabel={t('danger.confirm')}
        onConfirm={remove}
      />
    </Paper>
  );
}
