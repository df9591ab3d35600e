// One execution: how it ended and why, what was sent and came back, and running it again.
import { Alert, Anchor, Button, Grid, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Execution } from '../../api/schema';
import { useMay } from '../../api/session';
import { OutcomeBadge, VerdictBadge } from '../../components/badges';
import { CodeBlock } from '../../components/CodeBlock';
import { Fact } from '../../components/Fact';
import { Loading } from '../../components/Loading';
import { PageHeader } from '../../components/PageHeader';
import { PageProblem } from '../../components/PageProblem';
import { exact, When } from '../../components/When';
import { actionQuery } from '../actions/queries';
import { credentialQuery } from '../credentials/queries';
import { integrationQuery } from '../integrations/queries';
import { ResponseView } from '../requests/ResponseView';
import { executionQuery } from './queries';

export function ExecutionPage() {
  const { t } = useTranslation('executions');
  const { executionId } = useParams({ from: '/signed-in/executions/$executionId' });
  const query = useQuery(executionQuery(executionId));
  if (query.isPending) return <Loading rows={6} />;
  if (query.isError) {
    return (
      <PageProblem
        error={query.error}
        onRetry={() => void query.refetch()}
        gone={{ title: t('gone'), text: t('goneText'), back: { label: t('title'), to: '/executions' } }}
      />
    );
  }
  return <Shown execution={query.data} />;
}

function Shown({ execution }: { execution: Execution }) {
  const { t, i18n } = useTranslation('executions');
  const names = useNames(execution);
  return (
    <>
      <PageHeader
        title={names.action ?? t(`common:kinds.${execution.kind}`)}
        parents={[{ label: t('title'), to: '/executions' }]}
        description={
          <Text span c="dimmed" size="sm" className="mono">
            {execution.id}
          </Text>
        }
      >
        <RunAgain execution={execution} />
      </PageHeader>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="md">
            {execution.state === 'running' ? <Alert color="gray">{t('running')}</Alert> : null}
            <ResponseView execution={execution} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="md">
            <Paper p="md">
              <Stack gap="xs">
                <Group gap="xs">
                  <OutcomeBadge outcome={execution.outcome} />
                  {execution.verdict ? <VerdictBadge verdict={execution.verdict} /> : null}
                </Group>
                <Fact label={t('kind')}>{t(`common:kinds.${execution.kind}`)}</Fact>
                <Fact label={t('when')}>
                  <When at={execution.created_at} />, {exact(execution.created_at, i18n.resolvedLanguage ?? 'en')}
                </Fact>
                {execution.integration_id ? (
                  <Fact label={t('integration')}>
                    <Anchor component={Link} to={`/integrations/${execution.integration_id}`} size="sm">
                      {names.integration ?? execution.integration_id}
                    </Anchor>
                  </Fact>
                ) : null}
                {execution.action_id && execution.integration_id ? (
                  <Fact label={t('action')}>
                    <Anchor
                      component={Link}
                      to={`/integrations/${execution.integration_id}/actions/${execution.action_id}`}
                      size="sm"
                    >
                      {names.action ?? execution.action_id}
                    </Anchor>
                  </Fact>
                ) : null}
                {execution.credential_id && execution.integration_id ? (
                  <Fact label={t('credential')}>
                    <Anchor component={Link} to={`/integrations/${execution.integration_id}/credentials`} size="sm">
                      {names.credential ?? execution.credential_id}
                    </Anchor>
                  </Fact>
                ) : null}
              </Stack>
            </Paper>
            {execution.inputs && Object.keys(execution.inputs).length > 0 ? (
              <Paper p="md">
                <Title order={2} size="h3" mb="xs">
                  {t('inputs')}
                </Title>
                <Pairs pairs={Object.entries(execution.inputs)} label={t('inputs')} />
              </Paper>
            ) : null}
            {execution.output_results.length > 0 ? (
              <Paper p="md">
                <Title order={2} size="h3" mb="xs">
                  {t('outputs')}
                </Title>
                <Outputs execution={execution} />
              </Paper>
            ) : null}
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

function Pairs({ pairs, label }: { pairs: [string, unknown][]; label: string }) {
  return (
    <Table aria-label={label} verticalSpacing={6} layout="fixed">
      <Table.Tbody>
        {pairs.map(([key, value]) => (
          <Table.Tr key={key}>
            <Table.Th fw={500} className="mono breaks">
              {key}
            </Table.Th>
            <Table.Td className="breaks">{typeof value === 'string' ? value : JSON.stringify(value)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Outputs({ execution }: { execution: Execution }) {
  const { t } = useTranslation('executions');
  return (
    <Stack gap="sm">
      {execution.output_results.map((result) => (
        <div key={result.identifier}>
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={600} className="mono breaks">
              {result.identifier}
            </Text>
            <Text size="xs" c={result.result === 'found' ? 'dimmed' : 'red'}>
              {t(`results.${result.result}`, { defaultValue: result.result })}
            </Text>
          </Group>
          {result.identifier in execution.outputs ? (
            <CodeBlock
              text={
                typeof execution.outputs[result.identifier] === 'string'
                  ? (execution.outputs[result.identifier] as string)
                  : JSON.stringify(execution.outputs[result.identifier])
              }
              label={result.identifier}
              maxHeight={120}
            />
          ) : (
            <Text size="xs" c="dimmed" className="mono breaks">
              {result.key}
            </Text>
          )}
        </div>
      ))}
    </Stack>
  );
}

function RunAgain({ execution }: { execution: Execution }) {
  const { t } = useTranslation('executions');
  const navigate = useNavigate();
  const client = useQueryClient();
  const mayRun = useMay('executions:run');
  const mayTest = useMay('actions:test');
  const again = useMutation({
    mutationFn: () =>
      data(
        api.POST('/api/v1/executions/{execution_id}/run-again', { params: { path: { execution_id: execution.id } } }),
      ),
    onSuccess: async (made) => {
      client.setQueryData(executionQuery(made.id).queryKey, made);
      await client.invalidateQueries({ queryKey: ['executions', 'list'] });
      await navigate({ to: '/executions/$executionId', params: { executionId: made.id } });
    },
  });
  if (
    execution.kind === 'credential_test' ||
    execution.state === 'running' ||
    !(execution.kind === 'live' ? mayRun : mayTest)
  )
    return null;
  return (
    <Stack gap={4} align="flex-end">
      <Button
        variant="default"
        leftSection={<RotateCw size={16} aria-hidden />}
        loading={again.isPending}
        onClick={() => again.mutate()}
      >
        {t('runAgain')}
      </Button>
      <div role="alert">
        {again.isError ? (
          <Text size="sm" c="red" maw={420} ta="right">
            {asProblem(again.error).text}
          </Text>
        ) : null}
      </div>
    </Stack>
  );
}

/** The names of what the execution belongs to; what is gone or may not be read keeps its id. */
function useNames({ integration_id, action_id, credential_id }: Execution) {
  const integration = useQuery({ ...integrationQuery(integration_id ?? ''), ...asked(integration_id) });
  const action = useQuery({ ...actionQuery(action_id ?? ''), ...asked(action_id) });
  const credential = useQuery({ ...credentialQuery(credential_id ?? ''), ...asked(credential_id) });
  return { integration: nameOf(integration), action: nameOf(action), credential: nameOf(credential) };
}

const asked = (id: string | null) => ({ enabled: id !== null, retry: false });
const nameOf = (query: { isError: boolean; data?: { name: string } }) => (query.isError ? undefined : query.data?.name);
