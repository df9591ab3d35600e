// Begins conversations with many people: which flow on which channel, what is said first, and to whom.
import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { ForbiddenState } from '../../components/ForbiddenState';
import { PageHeader } from '../../components/PageHeader';
import { UnsavedGuard } from '../../components/UnsavedGuard';
import { Panel } from '../channels/Panel';
import { channelChoicesQuery } from '../channels/queries';
import { contactOf, isFitting, neededColumns, unreadable, variablesOf } from './begin';
import { BeginFields } from './BeginFields';
import { isOfColumn, MOST_PEOPLE, nameColumn, numberColumn, readPeople, readTable } from './people';
import { PeopleFields } from './PeopleFields';
import { createBatch } from './queries';
import { useBeginning } from './useBeginning';

const route = getRouteApi('/signed-in/batches/new');

export function NewBatchPage() {
  return useMay('conversations:write') ? <NewBatch /> : <ForbiddenState />;
}

function NewBatch() {
  const { t } = useTranslation('batches');
  const navigate = useNavigate();
  const client = useQueryClient();
  const { channel_id } = route.useSearch();
  const channels = useQuery(channelChoicesQuery);
  const [chosen, setChosen] = useState(channel_id ?? '');
  const channelId = chosen || (channels.data?.length === 1 ? channels.data[0]!.id : '');
  const beginning = useBeginning(channelId);
  const { begin, shape, variables } = beginning;
  const [text, setText] = useState('');
  const [picked, setPicked] = useState<{ number: number; name: number | null } | null>(null);
  const [isAsking, setAsking] = useState(false);
  // The same batch, however often it is sent.
  const [key] = useState(() => crypto.randomUUID());

  const table = useMemo(() => readTable(text), [text]);
  const number = picked?.number ?? numberColumn(table);
  const name = picked === null ? nameColumn(table, number) : picked.name;
  const own = variables.filter((variable) => isOfColumn(begin.variables[variable.key]));
  const people = readPeople(table, {
    number,
    name,
    needed: neededColumns(begin, shape),
    isUnfit: (cells) => !isFitting(begin, shape, cells) || unreadable(begin, own, cells).length > 0,
  });
  const good = people.filter(({ slip }) => slip === null);
  const isTooMany = good.length > MOST_PEOPLE;
  const isReady = channelId !== '' && beginning.isWhole && good.length > 0 && !isTooMany;
  const flowName = beginning.flows.data?.find(({ id }) => id === begin.flow_id)?.name ?? '';

  async function send() {
    const made = await createBatch({
      flow_id: begin.flow_id,
      channel_id: channelId,
      key,
      template: beginning.template,
      variables: variablesOf(begin, variables),
      contacts: good.map((person) => contactOf(person, begin, shape, variables)),
    });
    await client.invalidateQueries({ queryKey: ['batches'] });
    await navigate({ to: '/batches/$batchId', params: { batchId: made.id }, ignoreBlocker: true });
  }

  function readText(next: string) {
    setText(next);
    if (readTable(next).columns.join('\n') !== table.columns.join('\n')) setPicked(null);
  }

  return (
    <>
      <PageHeader
        title={t('new.title')}
        description={t('new.text')}
        parents={[{ label: t('list.title'), to: '/batches' }]}
      />
      <UnsavedGuard isDirty={text !== '' && !isAsking} />
      <Stack gap="lg">
        <Panel title={t('new.whom')} text={t('new.whomText')}>
          <PeopleFields
            text={text}
            onText={readText}
            table={table}
            people={people}
            number={number}
            name={name}
            onColumns={setPicked}
          />
        </Panel>
        <Panel title={t('new.what')} text={t('new.whatText')}>
          {channels.isError ? <ErrorPanel error={channels.error} onRetry={() => void channels.refetch()} /> : null}
          <Select
            label={t('begin.channel')}
            placeholder={t('begin.chooseChannel')}
            data={(channels.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
            value={channelId || null}
            onChange={(id) => {
              setChosen(id ?? '');
              beginning.set({ template: '', parameters: {} });
            }}
            allowDeselect={false}
            required
            maw={520}
          />
          {channels.isSuccess && channels.data.length === 0 ? (
            <Alert role="note" color="yellow">
              <Text size="sm">{t('begin.noChannels')}</Text>
              <Button component={Link} to="/channels" size="xs" mt="xs" variant="default">
                {t('begin.toChannels')}
              </Button>
            </Alert>
          ) : null}
          <BeginFields
            channelId={channelId}
            beginning={beginning}
            columns={people.length > 0 ? table.columns : []}
            cells={(good[0] ?? people[0])?.cells ?? []}
            noTemplateHint={t('begin.noTemplateMany')}
          />
        </Panel>
        {isTooMany ? (
          <Alert color="red" role="alert">
            {t('new.tooMany', { most: MOST_PEOPLE })}
          </Alert>
        ) : null}
        <Group gap="sm">
          <Button leftSection={<Send size={16} aria-hidden />} disabled={!isReady} onClick={() => setAsking(true)}>
            {t('new.send', { count: good.length })}
          </Button>
          <Button component={Link} to="/batches" variant="default">
            {t('common:cancel')}
          </Button>
        </Group>
      </Stack>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('new.ask', { count: good.length })}
        text={t(begin.template ? 'new.askTemplate' : 'new.askFlow', {
          flow: flowName,
          template: begin.template.split(' ')[0],
        })}
        confirmLabel={t('new.confirm')}
        onConfirm={send}
      />
    </>
  );
}
