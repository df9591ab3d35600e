// What can be done with one credential.
import { ActionIcon, Button, Group, Menu, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Ellipsis, History, KeyRound, Pencil, Trash2, Zap } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Credential } from '../../api/schema';
import { useMay } from '../../api/session';

export interface RowHandlers {
  /** False where the integration has no test request. */
  isTestable: boolean;
  onTest: (credential: Credential) => void;
  onRename: (credential: Credential) => void;
  onReplace: (credential: Credential) => void;
  onRemove: (credential: Credential) => void;
}

export function RowActions({
  credential,
  isTesting,
  isTestable,
  onTest,
  onRename,
  onReplace,
  onRemove,
}: RowHandlers & { credential: Credential; isTesting: boolean }) {
  const { t } = useTranslation('credentials');
  const mayEnter = useMay('credentials:write');
  const mayTest = useMay('credentials:test');
  const mayRead = useMay('executions:read');
  const { name } = credential;
  return (
    <Group gap={6} wrap="nowrap" justify="flex-end">
      {mayTest ? (
        <Tooltip label={t('row.noTestRequest')} disabled={isTestable}>
          <Button
            variant="default"
            size="xs"
            leftSection={<Zap size={14} aria-hidden />}
            loading={isTesting}
            data-disabled={isTestable ? undefined : true}
            aria-disabled={isTestable ? undefined : true}
            onClick={() => {
              if (isTestable) onTest(credential);
            }}
            aria-label={t('row.testNamed', { name })}
          >
            {t('row.test')}
          </Button>
        </Tooltip>
      ) : null}
      {mayEnter || mayRead ? (
        <Menu position="bottom-end" shadow="md" width={220}>
          <Menu.Target>
            <ActionIcon size={30} aria-label={t('row.more', { name })}>
              <Ellipsis size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {mayEnter ? (
              <>
                <Menu.Item leftSection={<Pencil size={15} aria-hidden />} onClick={() => onRename(credential)}>
                  {t('common:rename')}
                </Menu.Item>
                <Menu.Item leftSection={<KeyRound size={15} aria-hidden />} onClick={() => onReplace(credential)}>
                  {t('row.replace')}
                </Menu.Item>
              </>
            ) : null}
            {mayRead ? (
              <Menu.Item
                leftSection={<History size={15} aria-hidden />}
                renderRoot={(props) => <Link to="/executions" search={{ credential_id: credential.id }} {...props} />}
              >
                {t('row.executions')}
              </Menu.Item>
            ) : null}
            {mayEnter ? (
              <>
                <Menu.Divider />
                <Menu.Item
                  c="var(--mantine-color-error)"
                  leftSection={<Trash2 size={15} aria-hidden />}
                  onClick={() => onRemove(credential)}
                >
                  {t('common:remove')}
                </Menu.Item>
              </>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </Group>
  );
}
