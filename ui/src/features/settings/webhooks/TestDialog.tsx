// Sends a webhook something that means nothing, and shows what came of it.
import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../../api/client';
import type { Webhook, WebhookEvent } from '../../../api/schema';
import { Dialog } from '../../../components/Dialog';
import { ErrorPanel } from '../../../components/ErrorPanel';
import { triedQuery } from './queries';

export function TestDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation('webhooks');
  const client = useQueryClient();
  const [sent, setSent] = useState<WebhookEvent | null>(null);
  const [error, setError] = useState<unknown>(null);
  const hasBegun = useRef(false);
  const query = useQuery({ ...triedQuery(webhook.id, sent?.id ?? ''), enabled: sent !== null });
  const event = query.data?.answer ? query.data : null;

  async function send() {
    setSent(null);
    setError(null);
    try {
      const params = { path: { webhook_id: webhook.id } };
      setSent(await data(api.POST('/api/v1/webhooks/{webhook_id}/test', { params })));
    } catch (problem) {
      setError(problem);
    }
  }
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    void send();
  });
  const isOver = event !== null;
  useEffect(() => {
    if (isOver) void client.invalidateQueries({ queryKey: ['webhooks'], predicate: isShown });
  }, [isOver, client]);

  return (
    <Dialog onClose={onClose} title={t('testTitle', { name: webhook.name })}>
      <Stack>
        <div role="status">{event ? <Outcome event={event} /> : error || query.isError ? null : <Sending />}</div>
        {error || query.isError ? <ErrorPanel error={error ?? query.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" disabled={!event && !error} onClick={() => void send()}>
            {t('testAgain')}
          </Button>
          <Button onClick={onClose} data-autofocus>
            {t('common:close')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function isShown({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey[1] !== 'tried';
}

function Sending() {
  const { t } = useTranslation('webhooks');
  return (
    <Group gap="sm">
      <Loader size="sm" aria-hidden />
      <Text size="sm">{t('testSending')}</Text>
    </Group>
  );
}

function Outcome({ event }: { event: WebhookEvent }) {
  const { t, i18n } = useTranslation('webhooks');
  const { status, error, ms } = event.answer!;
  const time = new Intl.NumberFormat(i18n.resolvedLanguage, { maximumFractionDigits: 0 }).format(ms);
  const isHeard = event.status === 'delivered';
  return (
    <Alert color={isHeard ? 'jade' : 'yellow'} title={t(isHeard ? 'testHeard' : 'testNotHeard')}>
      <Text size="sm" className="breaks">
        {status === null ? error : t('testAnswered', { status, time })}
      </Text>
      {event.status === 'waiting' ? (
        <Text size="sm" mt="xs">
          {t('testGoesOn')}
        </Text>
      ) : null}
    </Alert>
  );
}
