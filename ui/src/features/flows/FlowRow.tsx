// One flow in the list: its name, how far it is, and when it was changed.
import { ActionIcon, Badge, Group, Menu, Paper, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleDashed, EllipsisVertical, PencilLine, Radio, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { When } from '../../components/When';
import { FlowMenuItems } from './FlowMenu';
import classes from './flows.module.css';
import type { ListedFlow } from './queries';

export function FlowRow({ flow }: { flow: ListedFlow }) {
  const { t } = useTranslation('flows');
  return (
    <Paper component="li" p="md" className={classes.flow}>
      <div className={classes.flowText}>
        <Link to="/flows/$flowId" params={{ flowId: flow.id }} className={`${classes.flowName} breaks`}>
          {flow.name}
        </Link>
        {flow.description ? (
          <Text size="sm" c="dimmed" lineClamp={2} className="breaks">
            {flow.description}
          </Text>
        ) : null}
        <Text size="xs" c="dimmed">
          {t('list.blocks', { count: flow.blocks })} · {t('list.changed')} <When at={flow.updated_at} />
        </Text>
      </div>
      <Group gap="xs" justify="flex-end">
        {flow.published_version === null ? (
          <Badge color="gray" leftSection={<CircleDashed size={12} aria-hidden />}>
            {t('list.draft')}
          </Badge>
        ) : (
          <>
            <Badge leftSection={<Radio size={12} aria-hidden />}>
              {t('list.published', { version: flow.published_version })}
            </Badge>
            {flow.published_problems > 0 ? (
              <Badge color="red" leftSection={<TriangleAlert size={12} aria-hidden />}>
                {t('list.outdated', { count: flow.published_problems })}
              </Badge>
            ) : null}
            {flow.is_changed ? (
              <Badge color="yellow" leftSection={<PencilLine size={12} aria-hidden />}>
                {t('list.unpublished')}
              </Badge>
            ) : null}
          </>
        )}
      </Group>
      <Menu position="bottom-end" shadow="md" keepMounted>
        <Menu.Target>
          <ActionIcon size={34} className={classes.above} aria-label={t('list.menu', { name: flow.name })}>
            <EllipsisVertical size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <FlowMenuItems flow={flow} />
        </Menu.Dropdown>
      </Menu>
    </Paper>
  );
}
