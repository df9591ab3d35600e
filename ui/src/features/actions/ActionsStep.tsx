// The last step of an integration: its actions, what each takes and gives, and how it went last.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, Plus, Zap } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Action } from '../../api/schema';
import { useMay } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { SectionHead } from '../../components/SectionHead';
import { ActionCard } from './ActionCard';
import { bodyOf, draftOf } from './draft';
import { actionQuery, actionsQuery, createAction, deleteAction, refreshActions } from './queries';

const route = getRouteApi('/signed-in/integrations/$integrationId/actions');

export function ActionsStep() {
  const { integrationId } = route.useParams();
  const { t } = useTranslation('actions');
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useMay('actions:write');
  const list = useInfiniteQuery(actionsQuery(integrationId));
  const [removed, setRemoved] = useState<Action | null>(null);
  const [copied, setCopied] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const actions = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = list.isSuccess && actions.length === 0;

  async function duplicate(action: Action) {
    if (copied) return;
    setCopied(action.id);
    setError(null);
    try {
      const whole = await client.fetchQuery(actionQuery(action.id)); // its numbers to the letter
      const made = await createAction(integrationId, {
        ...bodyOf(draftOf(whole)),
        name: t('list.copyOf', { name: whole.name }),
      });
      await refreshActions(client, integrationId, made);
      await navigate({
        to: '/integrations/$integrationId/actions/$actionId',
        params: { integrationId, actionId: made.id },
      });
    } catch (problem) {
      setError(problem);
    } finally {
      setCopied(null);
    }
  }

  const add = (
    <Button
      variant={isEmpty ? 'filled' : 'default'}
      leftSection={<Plus size={16} aria-hidden />}
      renderRoot={(props) => (
        <Link to="/integrations/$integrationId/actions/new" params={{ integrationId }} {...props} />
      )}
    >
      {t('list.add')}
    </Button>
  );

  return (
    <Stack gap="lg">
      <SectionHead title={t('list.title')} text={t('list.text')}>
        {mayWrite && !isEmpty ? add : null}
      </SectionHead>
      {error ? <ErrorPanel error={error} /> : null}
      {list.isPending ? <Loading rows={3} height={84} /> : null}
      {list.isError && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {isEmpty ? (
        <EmptyState
          icon={<Zap size={32} strokeWidth={1.5} aria-hidden />}
          title={t('empty.title')}
          text={t('empty.text')}
          order={3}
        >
          <Stack gap={4} ta="start" my="xs" component="ul" pl="lg">
            {['create', 'validate'].map((name) => (
              <Text key={name} component="li" size="sm">
                <Text span fw={600} inherit>
                  {t(`empty.${name}`)}
                </Text>
                {': '}
                {t(`empty.${name}Text`)}
              </Text>
            ))}
          </Stack>
          {mayWrite ? add : <Text size="sm">{t('empty.readOnly')}</Text>}
        </EmptyState>
      ) : null}
      {actions.length > 0 ? (
        <Stack gap="sm" component="ul" m={0} p={0} aria-label={t('list.title')}>
          {actions.map((action) => (
            <ActionCard
              key={action.id}
              action={action}
              mayWrite={mayWrite}
              isCopying={copied === action.id}
              onDuplicate={() => void duplicate(action)}
              onRemove={() => setRemoved(action)}
            />
          ))}
        </Stack>
      ) : null}
      <MoreButton query={list} />
      <Group justify="space-between" gap="sm">
        <Button
          variant="subtle"
          color="gray"
          leftSection={<ArrowLeft size={16} aria-hidden />}
          renderRoot={(props) => (
            <Link to="/integrations/$integrationId/credentials" params={{ integrationId }} {...props} />
          )}
        >
          {t('common:back')}
        </Button>
        <Button variant={isEmpty ? 'default' : 'filled'} renderRoot={(props) => <Link to="/integrations" {...props} />}>
          {t('list.finish')}
        </Button>
      </Group>
      <ConfirmDialog
        isOpen={removed !== null}
        onClose={() => setRemoved(null)}
        title={t('remove.title', { name: removed?.name ?? '' })}
        text={t('remove.text')}
        confirmLabel={t('remove.confirm')}
        onConfirm={async () => {
          if (!removed) return;
          await deleteAction(removed.id);
          client.removeQueries({ queryKey: actionQuery(removed.id).queryKey });
          await refreshActions(client, integrationId);
        }}
      />
    </Stack>
  );
}
