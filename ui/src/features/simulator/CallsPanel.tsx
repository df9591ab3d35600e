// Every call of a conversation: the request as it was sent, what came back, and how it ended.
import { Accordion, Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Info } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { OutcomeBadge } from '../../components/badges';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { When } from '../../components/When';
import { OutputResults } from '../actions/OutputResults';
import { executionQuery } from '../executions/queries';
import type { Definition } from '../flows/definition';
import { ResponseView } from '../requests/ResponseView';
import { useBlockName } from './blocks';
import { happeningsOf } from './path';
import type { Call } from './transcript';
import type { PathStep } from '../../api/schema';

interface Props {
  path: PathStep[];
  definition?: Definition;
  /** The call that is open, by its visit. */
  open: number | null;
  onOpen: (visit: number | null) => void;
  order?: 2 | 3;
}

export function CallsPanel({ path, definition, open, onOpen, order = 2 }: Props) {
  const { t } = useTranslation('simulator');
  const nameOf = useBlockName(definition);
  const calls = happeningsOf(path)
    .filter((happening) => happening.call)
    .toReversed();
  if (calls.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('calls.empty')}
      </Text>
    );
  }
  return (
    <Accordion
      variant="separated"
      order={order}
      value={open === null ? null : String(open)}
      onChange={(visit) => onOpen(visit === null ? null : Number(visit))}
    >
      {calls.map(({ key, at, blockId, call }) =>
        call ? (
          <Accordion.Item key={key} value={String(call.visit)}>
            <Accordion.Control>
              <Group gap="xs" justify="space-between" pr="xs">
                <Text size="sm" fw={600} className="breaks">
                  {nameOf(blockId)}
                </Text>
                <Group gap="xs">
                  <OutcomeBadge outcome={call.outcome} />
                  <Text size="xs" c="dimmed" component="span">
                    <When at={at} />
                  </Text>
                </Group>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>{open === call.visit ? <Opened call={call} /> : null}</Accordion.Panel>
          </Accordion.Item>
        ) : null,
      )}
    </Accordion>
  );
}

function Opened({ call }: { call: Call }) {
  const { t } = useTranslation('simulator');
  const id = call.executionId;
  const query = useQuery({ ...executionQuery(id ?? ''), enabled: id !== null });
  if (id === null) {
    return call.outcome === null ? (
      <Text size="sm" c="dimmed">
        {t('calls.running')}
      </Text>
    ) : (
      <Alert color="gray" icon={<Info size={18} aria-hidden />} title={t('calls.nothingSent')}>
        <span lang="en">{call.error ?? ''}</span>
      </Alert>
    );
  }
  if (query.isPending) return <Loading rows={2} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Stack gap="sm">
      <ResponseView execution={query.data} />
      <OutputResults execution={query.data} />
      <Anchor
        size="sm"
        renderRoot={(props) => <Link to="/executions/$executionId" params={{ executionId: id }} {...props} />}
      >
        {t('calls.whole')}
      </Anchor>
    </Stack>
  );
}
