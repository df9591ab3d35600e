// One conversation: its transcript, the way it took on the drawing, its steps, values and calls.
import { Alert, Anchor, Button, Grid, Group, Paper, Tabs, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Ban } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Conversation } from '../../api/schema';
import { useMay } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Fact } from '../../components/Fact';
import { Loading } from '../../components/Loading';
import { PageHeader } from '../../components/PageHeader';
import { PageProblem } from '../../components/PageProblem';
import { exact, When } from '../../components/When';
import { ChannelName } from '../channels/ChannelName';
import { AgentButtons } from '../inbox/AgentButtons';
import { Writer } from '../inbox/Writer';
import { Between } from '../simulator/Between';
import { CallsPanel } from '../simulator/CallsPanel';
import chat from '../simulator/chat.module.css';
import { ListSheet } from '../simulator/ListSheet';
import { happeningsOf } from '../simulator/path';
import { PathPanel } from '../simulator/PathPanel';
import { conversationQuery } from '../simulator/queries';
import { Transcript } from '../simulator/Transcript';
import type { ChatMessage } from '../simulator/types';
import { ENDED } from '../simulator/useSimulator';
import { useWalked } from '../simulator/useWalked';
import { ValuesPanel } from '../simulator/ValuesPanel';
import { ConversationStatus } from './ConversationStatus';
import { cancelConversation } from './queries';
import { StepsTable } from './StepsTable';
import { versionOf, whoOf } from './who';

const LIVE_MS = 2_000;

export function ConversationPage() {
  const { t } = useTranslation('conversations');
  const { conversationId } = useParams({ from: '/signed-in/conversations/$conversationId' });
  const query = useQuery({
    ...conversationQuery(conversationId),
    refetchInterval: ({ state }) => (state.data && ENDED.has(state.data.status) ? false : LIVE_MS),
  });
  if (query.isPending) return <Loading rows={6} />;
  if (query.isError) {
    return (
      <PageProblem
        error={query.error}
        onRetry={() => void query.refetch()}
        gone={{ title: t('gone'), text: t('goneText'), back: { label: t('title'), to: '/conversations' } }}
      />
    );
  }
  return <Shown conversation={query.data} />;
}

type Tab = 'path' | 'steps' | 'values' | 'calls';
const TABS: Tab[] = ['path', 'steps', 'values', 'calls'];

function Shown({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('conversations');
  const { path } = conversation;
  const walked = useWalked(conversation.flow_id, conversation.version ?? 'draft');
  const definition = walked.data?.definition;
  const [tab, setTab] = useState<Tab>('path');
  const [openCall, setOpenCall] = useState<number | null>(null);
  const [list, setList] = useState<ChatMessage | null>(null);
  const who = whoOf(conversation.contact, t);
  return (
    <>
      <PageHeader
        title={who}
        parents={[{ label: t('title'), to: '/conversations' }]}
        description={
          <Text span c="dimmed" size="sm" className="mono">
            {conversation.id}
          </Text>
        }
      >
        <AgentButtons conversation={conversation} />
        <Cancel conversation={conversation} who={who} />
      </PageHeader>
      <Facts conversation={conversation} flow={walked.data?.name} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <div style={{ height: 'max(460px, calc(100dvh - 300px))' }}>
            <section className={chat.phone} style={{ maxWidth: 'none' }} aria-label={t('transcript')}>
              <Transcript
                messages={conversation.messages}
                happenings={happeningsOf(path)}
                side="business"
                label={t('transcript')}
                onOpenList={setList}
                renderHappening={(happening) => (
                  <Between
                    happening={happening}
                    definition={definition}
                    onOpenCall={(visit) => {
                      setOpenCall(visit);
                      setTab('calls');
                    }}
                  />
                )}
              >
                {ENDED.has(conversation.status) ? (
                  <div className={chat.pill}>{t(`simulator:ends.${conversation.status}`, { defaultValue: '' })}</div>
                ) : null}
              </Transcript>
              <Writer conversation={conversation} />
              {list ? (
                <ListSheet message={list} onClose={() => setList(null)} onChoose={() => setList(null)} isReadOnly />
              ) : null}
            </section>
          </div>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Tabs value={tab} onChange={(value) => setTab(value as Tab)} keepMounted={false}>
            <Tabs.List aria-label={t('simulator:tabs.label')}>
              {TABS.map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {t(`tabs.${name}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value="path" pt="md">
              <div style={{ height: 'max(400px, calc(100dvh - 360px))' }}>
                {walked.isError ? (
                  <Alert color="gray">{t('flowGone')}</Alert>
                ) : (
                  <PathPanel definition={definition} path={path} blockId={conversation.block_id} />
                )}
              </div>
            </Tabs.Panel>
            <Tabs.Panel value="steps" pt="md">
              <StepsTable path={path} definition={definition} />
            </Tabs.Panel>
            <Tabs.Panel value="values" pt="md">
              <ValuesPanel conversation={conversation} />
            </Tabs.Panel>
            <Tabs.Panel value="calls" pt="md">
              <CallsPanel path={path} definition={definition} open={openCall} onOpen={setOpenCall} />
            </Tabs.Panel>
          </Tabs>
        </Grid.Col>
      </Grid>
    </>
  );
}

function Facts({ conversation, flow }: { conversation: Conversation; flow?: string }) {
  const { t, i18n } = useTranslation('conversations');
  const { contact, status, ended_at: endedAt, created_at: createdAt } = conversation;
  const language = i18n.resolvedLanguage ?? 'en';
  return (
    <Paper p="md" mb="lg">
      <Group gap="var(--mantine-spacing-sm) var(--mantine-spacing-xl)" align="flex-start">
        <Fact label={t('status')}>
          <ConversationStatus status={status} />
        </Fact>
        <Fact label={t('flow')}>
          <Anchor component={Link} to={`/flows/${conversation.flow_id}`} size="sm">
            {flow ?? conversation.flow_id}
          </Anchor>{' '}
          <Text span size="sm" c="dimmed">
            {versionOf(conversation.version, t)}
          </Text>
        </Fact>
        <Fact label={t('channel')}>
          <ChannelName id={conversation.channel_id} />
        </Fact>
        {contact.phone ? <Fact label={t('phone')}>{contact.phone}</Fact> : null}
        <Fact label={t('began')}>
          <When at={createdAt} />, {exact(createdAt, language)}
        </Fact>
        {endedAt ? <Fact label={t('ended')}>{exact(endedAt, language)}</Fact> : null}
      </Group>
    </Paper>
  );
}

function Cancel({ conversation, who }: { conversation: Conversation; who: string }) {
  const { t } = useTranslation('conversations');
  const client = useQueryClient();
  const mayWrite = useMay('conversations:write');
  const [isAsked, setAsked] = useState(false);
  if (!mayWrite || ENDED.has(conversation.status)) return null;
  return (
    <>
      <Button variant="default" leftSection={<Ban size={16} aria-hidden />} onClick={() => setAsked(true)}>
        {t('cancel.open')}
      </Button>
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title={t('cancel.title')}
        text={t('cancel.text', { who })}
        confirmLabel={t('cancel.confirm')}
        onConfirm={async () => {
          await cancelConversation(conversation.id);
          await client.invalidateQueries({ queryKey: ['conversations'] });
        }}
      />
    </>
  );
}
