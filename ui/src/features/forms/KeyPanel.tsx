// The key of a number's forms and the address that Meta asks: made, handed over, replaced.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, KeyRound, RefreshCw, Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { CodeBlock } from '../../components/CodeBlock';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { CopyField } from '../channels/CopyField';
import { flowKeyQuery, makeFlowKey, type FlowKey } from './queries';

export function KeyPanel({ channelId, isReadOnly }: { channelId: string; isReadOnly: boolean }) {
  const { t } = useTranslation('forms');
  const client = useQueryClient();
  const key = useQuery(flowKeyQuery(channelId));
  const [isAsking, setAsking] = useState(false);
  const [told, setTold] = useState<FlowKey | null>(null);
  const making = useMutation({
    mutationFn: (isNew: boolean) => makeFlowKey(channelId, isNew),
    onMutate: () => setTold(null),
    onSuccess: (made) => {
      setTold(made);
      client.setQueryData(flowKeyQuery(channelId).queryKey, made);
    },
  });
  if (key.isPending) return <Loading rows={2} height={60} />;
  if (key.isError) return <ErrorPanel error={key.error} onRetry={() => void key.refetch()} />;
  const { is_set: isSet, endpoint_url: url, public_key: publicKey } = key.data;
  return (
    <Stack gap="md">
      <CopyField label={t('key.url')} description={t('key.urlHint')} value={url} />
      <Text size="sm" role="status">
        {t(isSet ? 'key.isSet' : 'key.isNotSet')}
      </Text>
      {told?.is_uploaded ? (
        <Alert role="status" color="jade" icon={<CircleCheck size={18} aria-hidden />}>
          {t('key.uploaded')}
        </Alert>
      ) : null}
      {told?.problem ? (
        <Alert role="alert" color="yellow" title={t('key.notUploaded')}>
          {told.problem}
        </Alert>
      ) : null}
      {making.error ? <ErrorPanel error={making.error} /> : null}
      {isReadOnly ? null : (
        <Group gap="sm">
          <Button
            leftSection={isSet ? <Upload size={16} aria-hidden /> : <KeyRound size={16} aria-hidden />}
            variant={isSet ? 'default' : 'filled'}
            loading={making.isPending}
            onClick={() => making.mutate(false)}
          >
            {t(isSet ? 'key.upload' : 'key.make')}
          </Button>
          {isSet ? (
            <Button
              variant="default"
              leftSection={<RefreshCw size={16} aria-hidden />}
              disabled={making.isPending}
              onClick={() => setAsking(true)}
            >
              {t('key.another')}
            </Button>
          ) : null}
        </Group>
      )}
      {publicKey ? (
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t('key.public')}
          </Text>
          <CodeBlock text={publicKey} label={t('key.public')} maxHeight={140} />
        </div>
      ) : null}
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('key.anotherTitle')}
        text={t('key.anotherText')}
        confirmLabel={t('key.another')}
        onConfirm={() => making.mutateAsync(true)}
      />
    </Stack>
  );
}
