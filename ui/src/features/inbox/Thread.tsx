// One conversation of the inbox: what was said, and the line to write on.
import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Conversation } from '../../api/schema';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { ConversationStatus } from '../conversations/ConversationStatus';
import { whoOf } from '../conversations/who';
import { Between } from '../simulator/Between';
import chat from '../simulator/chat.module.css';
import { ListSheet } from '../simulator/ListSheet';
import { happeningsOf } from '../simulator/path';
import { conversationQuery } from '../simulator/queries';
import { Transcript } from '../simulator/Transcript';
import type { ChatMessage } from '../simulator/types';
import { ENDED } from '../simulator/useSimulator';
import { useWalked } from '../simulator/useWalked';
import { AgentButtons } from './AgentButtons';
import classes from './inbox.module.css';
import { Writer } from './Writer';

const LIVE_MS = 2_000;

export function Thread({ id }: { id: string }) {
  const query = useQuery({
    ...conversationQuery(id),
    refetchInterval: ({ state }) => (state.data && ENDED.has(state.data.status) ? false : LIVE_MS),
  });
  if (query.isPending) return <Loading rows={6} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return <Shown conversation={query.data} />;
}

function Shown({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation(['inbox', 'conversations']);
  const walked = useWalked(conversation.flow_id, conversation.version ?? 'draft');
  const [list, setList] = useState<ChatMessage | null>(null);
  const who = whoOf(conversation.contact, t);
  return (
    <section className={classes.thread} aria-label={who}>
      <Group justify="space-between" gap="sm" mb="sm">
        <div>
          <Anchor hiddenFrom="md" size="sm" renderRoot={(props) => <Link to="/inbox" {...props} />}>
            <Group gap={4}>
              <ArrowLeft size={14} aria-hidden />
              {t('back')}
            </Group>
          </Anchor>
          <Text component="h2" fw={650} className="breaks">
            {who}
          </Text>
          <Group gap="sm">
            <ConversationStatus status={conversation.status} />
            <Anchor
              size="sm"
              renderRoot={(props) => (
                <Link to="/conversations/$conversationId" params={{ conversationId: conversation.id }} {...props} />
              )}
            >
              {t('whole')}
            </Anchor>
          </Group>
        </div>
        <Group gap="sm">
          <AgentButtons conversation={conversation} />
        </Group>
      </Group>
      <div className={`${chat.phone} ${classes.chat}`}>
        <Transcript
          messages={conversation.messages}
          happenings={happeningsOf(conversation.path)}
          side="business"
          label={t('conversations:transcript')}
          onOpenList={setList}
          renderHappening={(happening) => <Between happening={happening} definition={walked.data?.definition} />}
        />
        <Writer conversation={conversation} key={conversation.id} />
        {list ? (
          <ListSheet message={list} onClose={() => setList(null)} onChoose={() => setList(null)} isReadOnly />
        ) : null}
      </div>
    </section>
  );
}
