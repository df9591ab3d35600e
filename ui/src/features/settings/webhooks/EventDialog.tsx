// What a webhook is told, to the letter, and what came of it; and sends it once more.
import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../../api/client';
import type { Webhook, WebhookEvent } from '../../../api/schema';
import { CodeBlock } from '../../../components/CodeBlock';
import { Dialog } from '../../../components/Dialog';
import { ErrorPanel } from '../../../components/ErrorPanel';
import { When } from '../../../components/When';
import { EventStatusBadge, LastAnswer } from './EventStatusBadge';
import { textName } from './queries';

interface Props {
  webhook: Webhook;
  event: WebhookEvent;
  /** Hears how it stands once it is to be sent once more. */
  onSent: (event: WebhookEvent) => void;
  onClose: () => void;
}

export function EventDialog({ webhook, event, onSent, onClose }: Props) {
  const { t } = useTranslation('webhooks');
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () =>
      data(
        api.POST('/api/v1/webhooks/{webhook_id}/events/{event_id}/send-anew', {
          params: { path: { webhook_id: webhook.id, event_id: event.id } },
        }),
      ),
    onSuccess: onSent,
    onSettled: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  return (
    <Dialog onClose={onClose} size="lg" title={t(`types.${textName(event.type)}`, { defaultValue: event.type })}>
      <Stack>
        <Group gap="xl" align="flex-start" role="status">
          <EventStatusBadge status={event.status} />
          <div>
            <Text size="sm" className="tabular">
              {t('triedTimes', { count: event.tries })}
            </Text>
            {event.due_at ? (
              <Text size="xs" c="dimmed">
                {t('nextTry')}: <When at={event.due_at} isAhead />
              </Text>
            ) : null}
          </div>
          {event.answer ? (
            <div>
              <LastAnswer answer={event.answer} />
            </div>
          ) : null}
        </Group>
        {event.answer?.error ? (
          <Text size="sm" className="breaks">
            {event.answer.error}
          </Text>
        ) : null}
        <Text size="xs" c="dimmed" className="breaks">
          webhook-id: <Code>{event.id}</Code>
        </Text>
        <CodeBlock text={JSON.stringify(event.body, null, 2)} label={t('body')} />
        {again.isError ? <ErrorPanel error={again.error} /> : null}
        <Group justify="flex-end">
          <Button
            variant="default"
            leftSection={<RotateCcw size={16} aria-hidden />}
            loading={again.isPending}
            disabled={webhook.is_paused}
            onClick={() => again.mutate()}
          >
            {t('sendAgain')}
          </Button>
          <Button onClick={onClose} data-autofocus>
            {t('common:close')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
