// Where people come by and where they stop, on a flow's drawing and in figures.
import { Alert, Button, Group, Paper, Select, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChartColumn, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ListTable } from '../../components/ListTable';
import { Loading } from '../../components/Loading';
import { PageHeader } from '../../components/PageHeader';
import type { Definition } from '../flows/definition';
import { FlowDrawing } from '../flows/FlowDrawing';
import { flowQuery, versionQuery, versionsQuery } from '../flows/queries';
import { useBlockName } from '../simulator/blocks';
import { flowStatisticsQuery } from './queries';
import { figuresOf, worstOf, type BlockFigures } from './statistics';
import { useWayWords } from './StepsTable';

const HOURS = { day: 24, week: 168, month: 720 } as const;
type Span = keyof typeof HOURS;

export function FlowStatistics() {
  const { t } = useTranslation('conversations');
  const { flowId } = useParams({ from: '/signed-in/flows/$flowId/statistics' });
  const flow = useQuery(flowQuery(flowId));
  if (flow.isPending) return <Loading rows={6} />;
  if (flow.isError) return <ErrorPanel error={flow.error} onRetry={() => void flow.refetch()} />;
  const published = flow.data.published_version;
  return (
    <>
      <PageHeader
        title={t('statistics.title')}
        description={t('statistics.text')}
        parents={[{ label: flow.data.name, to: `/flows/${flowId}` }]}
      />
      {published === null ? (
        <EmptyState
          icon={<ChartColumn size={32} strokeWidth={1.5} aria-hidden />}
          title={t('statistics.unpublished')}
          text={t('statistics.unpublishedText')}
        >
          <Button component={Link} to={`/flows/${flowId}`}>
            {t('statistics.toFlow')}
          </Button>
        </EmptyState>
      ) : (
        <Published flowId={flowId} newest={published} />
      )}
    </>
  );
}

function Published({ flowId, newest }: { flowId: string; newest: number }) {
  const { t } = useTranslation('conversations');
  const [version, setVersion] = useState(newest);
  const [span, setSpan] = useState<Span | null>(null);
  const [since, setSince] = useState<string | null>(null);
  const versions = useInfiniteQuery(versionsQuery(flowId));
  const definition = useQuery(versionQuery(flowId, version));
  const statistics = useQuery(flowStatisticsQuery(flowId, version, since));
  const numbers = versions.data?.pages.flatMap((page) => page.items.map(({ number }) => number)) ?? [newest];
  const failed = definition.isError ? definition : statistics;
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-end">
        <Select
          label={t('statistics.version')}
          w={140}
          value={String(version)}
          data={numbers.map((number) => ({ value: String(number), label: t('versionShort', { version: number }) }))}
          onChange={(value) => value && setVersion(Number(value))}
        />
        <Select
          label={t('common:filters.spanLabel')}
          w={190}
          value={span ?? 'all'}
          data={[
            { value: 'all', label: t('common:filters.anyTime') },
            ...Object.keys(HOURS).map((value) => ({ value, label: t(`spans.${value}`) })),
          ]}
          onChange={(value) => {
            const chosen = value === 'all' ? null : (value as Span);
            setSpan(chosen);
            setSince(chosen && new Date(Date.now() - HOURS[chosen] * 3_600_000).toISOString());
          }}
        />
      </Group>
      {definition.isPending || statistics.isPending ? <Loading rows={6} height={72} /> : null}
      {definition.isError || statistics.isError ? (
        <ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} />
      ) : null}
      {definition.data && statistics.data ? (
        <Figures
          definition={definition.data.definition}
          figures={figuresOf(definition.data.definition, statistics.data.blocks)}
        />
      ) : null}
    </Stack>
  );
}

function Figures({ definition, figures }: { definition: Definition; figures: BlockFigures[] }) {
  const { t } = useTranslation('conversations');
  const nameOf = useBlockName(definition);
  const worst = worstOf(figures);
  const counts = Object.fromEntries(figures.map(({ block, entered, stopped }) => [block.id, { entered, stopped }]));
  if (figures.every(({ entered }) => entered === 0)) {
    return <EmptyState title={t('statistics.empty')} text={t('statistics.emptyText')} />;
  }
  return (
    <>
      {worst ? (
        <Alert color="yellow" icon={<TriangleAlert size={18} aria-hidden />}>
          {t('statistics.worst', { block: nameOf(worst.block.id), count: worst.stopped, share: worst.share })}
        </Alert>
      ) : null}
      <Paper style={{ overflow: 'hidden' }}>
        <FlowDrawing definition={definition} counts={counts} height="max(360px, 52dvh)" />
      </Paper>
      <FiguresTable figures={figures} definition={definition} />
    </>
  );
}

function FiguresTable({ figures, definition }: { figures: BlockFigures[]; definition: Definition }) {
  const { t, i18n } = useTranslation('conversations');
  const nameOf = useBlockName(definition);
  const wayOf = useWayWords();
  const number = new Intl.NumberFormat(i18n.resolvedLanguage ?? 'en');
  return (
    <ListTable
      label={t('statistics.title')}
      minWidth={620}
      heads={[
        t('steps.block'),
        { right: t('statistics.entered') },
        { right: t('statistics.stopped') },
        t('statistics.left'),
      ]}
    >
      {figures.map(({ block, entered, stopped, share, left }) => (
        <Table.Tr key={block.id}>
          <Table.Td className="breaks">{nameOf(block.id)}</Table.Td>
          <Table.Td ta="right" className="tabular">
            {number.format(entered)}
          </Table.Td>
          <Table.Td ta="right" className="tabular">
            {number.format(stopped)}
            {stopped > 0 ? (
              <Text span size="xs" c="dimmed">
                {' '}
                ({number.format(share)} %)
              </Text>
            ) : null}
          </Table.Td>
          <Table.Td className="breaks">
            <Text size="sm" c="dimmed">
              {left.map(([edge, count]) => `${wayOf(block, edge)} ${number.format(count)}`).join(' · ')}
            </Text>
          </Table.Td>
        </Table.Tr>
      ))}
    </ListTable>
  );
}
