// One action in the list: its method, what goes in and comes out, what is missing, and how it went last.
import { ActionIcon, Badge, Code, Group, Menu, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight, Copy, EllipsisVertical, FlaskConical, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Action } from '../../api/schema';
import { useMay } from '../../api/session';
import { MethodBadge, OutcomeBadge } from '../../components/badges';
import card from '../../components/card.module.css';
import { When } from '../../components/When';
import classes from './actions.module.css';
import { lastRunQuery } from './queries';

interface Props {
  action: Action;
  mayWrite: boolean;
  isCopying: boolean;
  onDuplicate: () => void;
  onRemove: () => void;
}

const MOST_NAMES = 4;

export function ActionCard({ action, mayWrite, isCopying, onDuplicate, onRemove }: Props) {
  const { t } = useTranslation('actions');
  const params = { integrationId: action.integration_id, actionId: action.id };
  const isComplete = action.request !== null && action.request.endpoint !== '';
  return (
    <Paper component="li" p="md" className={`${card.card} ${classes.card}`}>
      <div className={classes.cardGrid}>
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            {action.request ? <MethodBadge method={action.request.method} /> : null}
            <Link
              to="/integrations/$integrationId/actions/$actionId"
              params={params}
              className={`${card.name} breaks`}
              disabled={action.is_damaged}
            >
              {action.name}
            </Link>
            {action.is_damaged ? <Badge color="red">{t('list.damaged')}</Badge> : null}
            {!isComplete && !action.is_damaged ? <Badge color="yellow">{t('list.noRequest')}</Badge> : null}
          </Group>
          {action.description ? (
            <Text size="sm" c="dimmed" lineClamp={2} className="breaks">
              {action.description}
            </Text>
          ) : null}
        </div>
        <div className={classes.flowLine}>
          <Names label={t('steps.inputs')} none={t('list.noInputs')} names={action.inputs.map(({ key }) => key)} />
          <ArrowRight size={16} aria-label={t('list.gives')} />
          <Names
            label={t('steps.outputs')}
            none={t('list.noOutputs')}
            names={action.outputs.map(({ identifier }) => identifier)}
          />
        </div>
        <LastRun actionId={action.id} />
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon
              size={34}
              className={card.above}
              aria-label={t('list.menu', { name: action.name })}
              loading={isCopying}
            >
              <EllipsisVertical size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<FlaskConical size={16} aria-hidden />}
              renderRoot={(props) => (
                <Link
                  to="/integrations/$integrationId/actions/$actionId"
                  params={params}
                  search={{ step: 'test' }}
                  {...props}
                />
              )}
            >
              {t('steps.test')}
            </Menu.Item>
            {mayWrite ? (
              <>
                <Menu.Item
                  leftSection={<Copy size={16} aria-hidden />}
                  onClick={onDuplicate}
                  disabled={action.is_damaged}
                >
                  {t('list.duplicate')}
                </Menu.Item>
                <Menu.Item
                  style={{ color: 'var(--mantine-color-error)' }}
                  leftSection={<Trash2 size={16} aria-hidden />}
                  onClick={onRemove}
                >
                  {t('common:remove')}
                </Menu.Item>
              </>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      </div>
    </Paper>
  );
}

function Names({ label, none, names }: { label: string; none: string; names: string[] }) {
  if (names.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        {none}
      </Text>
    );
  }
  const rest = names.length - MOST_NAMES;
  return (
    <span className={classes.flowLine} role="group" aria-label={label}>
      {names.slice(0, MOST_NAMES).map((name) => (
        <Code key={name}>{name}</Code>
      ))}
      {rest > 0 ? <Text size="xs">+{rest}</Text> : null}
    </span>
  );
}

function LastRun({ actionId }: { actionId: string }) {
  const { t } = useTranslation('actions');
  const mayRead = useMay('executions:read');
  const query = useQuery({ ...lastRunQuery(actionId), enabled: mayRead });
  if (!mayRead || !query.data) {
    return (
      <Text size="sm" c="dimmed">
        {query.data === null ? t('list.neverRan') : ''}
      </Text>
    );
  }
  const { id, outcome, created_at: at } = query.data;
  return (
    <Stack gap={2} align="flex-start">
      <Text size="sm" c="dimmed">
        {t('list.lastRun')} <When at={at} />
      </Text>
      <Link to="/executions/$executionId" params={{ executionId: id }} className={card.above}>
        <OutcomeBadge outcome={outcome} />
      </Link>
    </Stack>
  );
}
