// One channel: whether it works, what begins on it, its secrets and settings, and its end.
import { Alert, Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ListChecks, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { PageHeader } from '../../components/PageHeader';
import { BehaviourForm } from './BehaviourForm';
import { CallbackPanel } from './CallbackPanel';
import { ChannelBadge } from './ChannelBadge';
import { stateOf } from './channel';
import { FallbackForm } from './FallbackForm';
import { HealthPanel } from './HealthPanel';
import { Panel } from './Panel';
import { ParkedBanner } from './ParkedBanner';
import { channelQuery, useDeleteChannel } from './queries';
import { SecretsForm } from './SecretsForm';
import { StartsForm } from './StartsForm';

const route = getRouteApi('/signed-in/channels/$channelId');

export function ChannelPage() {
  const { channelId } = route.useParams();
  const navigate = useNavigate();
  const { t } = useTranslation('channels');
  const isReadOnly = !useMay('channels:write');
  const mayReadContacts = useMay('conversations:read');
  const { data: channel } = useSuspenseQuery(channelQuery(channelId));
  const client = useQueryClient();
  const deleting = useDeleteChannel(channelId);
  const [isAsking, { open, close }] = useDisclosure(false);
  const { open_conversations } = channel.counts;

  async function remove() {
    await deleting.mutateAsync();
    notifications.show({ message: t('danger.deleted', { name: channel.name }) });
    await navigate({ to: '/channels', ignoreBlocker: true });
    client.removeQueries({ queryKey: channelQuery(channelId).queryKey });
  }

  return (
    <>
      <PageHeader
        title={channel.name}
        parents={[{ label: t('list.title'), to: '/channels' }]}
        description={channel.health?.phone_number?.display_phone_number ?? undefined}
      >
        <ChannelBadge channel={channel} />
      </PageHeader>
      <Stack gap="lg">
        <Group gap="sm" component="nav" aria-label={t('pages.title')}>
          {mayReadContacts ? (
            <Button component={Link} to={`/contacts?channel_id=${channelId}`} variant="default" size="xs">
              {t('pages.contacts')}
            </Button>
          ) : null}
          <Button component={Link} to={`/channels/${channelId}/templates`} variant="default" size="xs">
            {t('pages.templates')}
          </Button>
          <Button component={Link} to={`/channels/${channelId}/forms`} variant="default" size="xs">
            {t('pages.forms')}
          </Button>
        </Group>
        <ParkedBanner channel={channel} />
        {stateOf(channel) === 'incomplete' && !isReadOnly ? (
          <Alert role="note" color="yellow" icon={<ListChecks size={20} aria-hidden />} title={t('incomplete.title')}>
            <Button component={Link} to={`/channels/${channelId}/setup`} size="xs">
              {t('incomplete.go')}
            </Button>
          </Alert>
        ) : null}
        <Panel title={t('health.title')} text={t('health.text')}>
          <HealthPanel channel={channel} isReadOnly={isReadOnly} />
        </Panel>
        <Panel title={t('starts.title')} text={t('starts.text')}>
          <StartsForm channel={channel} isReadOnly={isReadOnly} submitLabel={t('common:save')} />
        </Panel>
        <Panel title={t('fallback.title')} text={t('fallback.text')}>
          <FallbackForm channel={channel} isReadOnly={isReadOnly} />
        </Panel>
        <Panel title={t('secrets.title')} text={t('secrets.text')}>
          <SecretsForm channel={channel} isReadOnly={isReadOnly} submitLabel={t('common:save')} />
        </Panel>
        <Panel title={t('callback.title')} text={t('callback.text')}>
          <CallbackPanel channel={channel} isReadOnly={isReadOnly} />
        </Panel>
        <Panel title={t('form.title')}>
          <BehaviourForm channel={channel} isReadOnly={isReadOnly} />
        </Panel>
        {isReadOnly ? null : (
          <Panel title={t('danger.title')} text={t('danger.text')}>
            <Button
              variant="outline"
              color="red"
              leftSection={<Trash2 size={16} aria-hidden />}
              onClick={open}
              style={{ alignSelf: 'flex-start' }}
            >
              {t('danger.delete')}
            </Button>
          </Panel>
        )}
      </Stack>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={close}
        title={t('danger.ask', { name: channel.name })}
        text={t('danger.losses')}
        losses={open_conversations > 0 ? [t('danger.open', { count: open_conversations })] : []}
        confirmLabel={t('danger.confirm')}
        onConfirm={remove}
      />
    </>
  );
}
