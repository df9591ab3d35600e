// The versions of a flow: which there are, what differs from the draft, and back to one of them.
import { Badge, Button, Drawer, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { History, Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Dialog } from '../../components/Dialog';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { When } from '../../components/When';
import { compare } from './compare';
import { Differences } from './Differences';
import { FlowDrawing } from './FlowDrawing';
import classes from './flows.module.css';
import { restoreVersion, versionQuery, versionsQuery } from './queries';
import type { FlowEditor } from './useFlowEditor';

interface Props {
  flowId: string;
  editor: FlowEditor;
  isReadOnly: boolean;
  isOpen: boolean;
  onClose: () => void;
}

export function VersionsDrawer({ flowId, editor, isReadOnly, isOpen, onClose }: Props) {
  const { t } = useTranslation('flows');
  const list = useInfiniteQuery({ ...versionsQuery(flowId), enabled: isOpen });
  const [shown, setShown] = useState<number | null>(null);
  const versions = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Drawer
        opened={isOpen}
        onClose={onClose}
        position="right"
        title={t('versions.title')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {list.isPending ? <Loading rows={3} /> : null}
        {list.isError ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
        {list.isSuccess && versions.length === 0 ? (
          <EmptyState
            icon={<History size={32} strokeWidth={1.5} aria-hidden />}
            title={t('versions.none')}
            text={t('versions.noneText')}
            order={3}
          />
        ) : null}
        <ul className={classes.problems} aria-label={t('versions.title')}>
          {versions.map((version, place) => (
            <li key={version.number}>
              <UnstyledButton className={classes.version} onClick={() => setShown(version.number)}>
                <Group justify="space-between" wrap="nowrap" gap="xs">
                  <Text span fw={600} size="sm">
                    {t('versions.number', { number: version.number })}
                  </Text>
                  {place === 0 ? <Badge>{t('versions.current')}</Badge> : null}
                </Group>
                {version.note ? (
                  <Text span size="sm" display="block" className="breaks">
                    {version.note}
                  </Text>
                ) : null}
                <Text span size="xs" c="dimmed" display="block">
                  <When at={version.created_at} />
                </Text>
              </UnstyledButton>
            </li>
          ))}
        </ul>
        <MoreButton query={list} />
      </Drawer>
      {shown === null ? null : (
        <VersionDialog
          flowId={flowId}
          number={shown}
          editor={editor}
          isReadOnly={isReadOnly}
          onClose={() => setShown(null)}
          onRestored={onClose}
        />
      )}
    </>
  );
}

interface DialogProps {
  flowId: string;
  number: number;
  editor: FlowEditor;
  isReadOnly: boolean;
  onClose: () => void;
  onRestored: () => void;
}

function VersionDialog({ flowId, number, editor, isReadOnly, onClose, onRestored }: DialogProps) {
  const { t } = useTranslation('flows');
  const query = useQuery(versionQuery(flowId, number));
  const [isAsking, setAsking] = useState(false);
  const difference = useMemo(
    () => (query.data ? compare(query.data.definition, editor.definition) : null),
    [query.data, editor.definition],
  );

  async function restore() {
    const revision = await editor.flush();
    editor.replace(await restoreVersion(flowId, number, revision));
    notifications.show({ message: t('versions.restored', { number }) });
    onClose();
    onRestored();
  }

  return (
    <Dialog onClose={onClose} size="90%" title={t('versions.number', { number })}>
      {query.isPending ? <Loading rows={6} /> : null}
      {query.isError ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data && difference ? (
        <div className={classes.versionBody}>
          <div className={classes.versionDrawing}>
            <FlowDrawing definition={query.data.definition} />
          </div>
          <Stack gap="sm" className={classes.versionSide}>
            <Text fw={600} size="sm">
              {t('versions.since', { number })}
            </Text>
            <Differences difference={difference} />
            {isReadOnly || difference.isSame ? null : (
              <Button variant="default" leftSection={<Undo2 size={16} aria-hidden />} onClick={() => setAsking(true)}>
                {t('versions.restore')}
              </Button>
            )}
          </Stack>
        </div>
      ) : null}
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('versions.restoreTitle', { number })}
        text={t('versions.restoreText')}
        confirmLabel={t('versions.restore')}
        onConfirm={restore}
      />
    </Dialog>
  );
}
