// The newest executions, one line each.
import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Execution } from '../../api/schema';
import { MethodBadge, OutcomeBadge, VerdictBadge } from '../../components/badges';
import { When } from '../../components/When';
import classes from './home.module.css';

interface Props {
  executions: Execution[];
  /** Of actions, by id. */
  names: ReadonlyMap<string, string | null>;
}

export function Latest({ executions, names }: Props) {
  const { t } = useTranslation('home');
  return (
    <Paper p="md">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h3">
          {t('latest')}
        </Title>
        <Anchor component={Link} to="/executions" size="sm">
          {t('all')}
        </Anchor>
      </Group>
      {executions.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('noneYet')}
        </Text>
      ) : null}
      <Stack gap="xs">
        {executions.map((execution) => (
          <Line key={execution.id} execution={execution} name={names.get(execution.action_id ?? '') ?? null} />
        ))}
      </Stack>
    </Paper>
  );
}

function Line({ execution, name }: { execution: Execution; name: string | null }) {
  return (
    <Group gap="sm" wrap="nowrap" justify="space-between">
      <Group className={classes.what}>
        {execution.verdict ? (
          <VerdictBadge verdict={execution.verdict} style={{ flex: 'none' }} />
        ) : (
          <OutcomeBadge outcome={execution.outcome} style={{ flex: 'none' }} />
        )}
        {execution.request ? (
          <MethodBadge method={execution.request.method} visibleFrom="xs" style={{ flex: 'none' }} />
        ) : null}
        {name ? (
          <Text size="sm" fw={600} truncate>
            {name}
          </Text>
        ) : null}
        <Text
          size="sm"
          c="dimmed"
          truncate
          className="mono"
          style={{ flex: '1 1 0' }}
          visibleFrom={name ? 'xs' : undefined}
        >
          {execution.request?.url ?? ''}
        </Text>
      </Group>
      <Anchor
        size="sm"
        style={{ flex: 'none' }}
        renderRoot={(props) => <Link to="/executions/$executionId" params={{ executionId: execution.id }} {...props} />}
      >
        <When at={execution.created_at} />
      </Anchor>
    </Group>
  );
}
