// A chat with the simulator while it goes on: what was said, what is being sent, and what the server tells meanwhile.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';

import { asProblem, type ApiProblem } from '../../api/problem';
import type { AsIf, Conversation, Message } from '../../api/schema';
import { answerAsIf, begin, conversationQuery, jump, restart, say, uploaded, type Start } from './queries';
import { isTold, pendingMessage } from './pending';
import { merged } from './transcript';
import type { ChatMessage, Said, Version } from './types';
import { useEvents } from './useEvents';

export const ENDED: ReadonlySet<string> = new Set(['finished', 'cancelled', 'expired', 'failed']);
const NOBODY: Start = { contact: {}, variables: {} };
const NO_AS_IFS: Record<string, AsIf> = {};
const NO_MESSAGES: Message[] = [];

/** Everything the simulator's parts need; made once, by the simulator. */
export function useSimulator(flowId: string, version: Version) {
  const client = useQueryClient();
  const [run, setRun] = useState({ number: 0, start: NOBODY, asIfs: NO_AS_IFS });
  const [pending, setPending] = useState<ChatMessage[]>([]);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [previews, setPreviews] = useState<ReadonlyMap<string, string>>(new Map());
  const [isRestarting, setRestarting] = useState(false);
  const counted = useRef(0);

  const begun = useQuery({
    queryKey: ['simulator', flowId, version, run.number],
    queryFn: async () => {
      const { id } = await begin(flowId, version, run.start);
      if (Object.keys(run.asIfs).length > 0) await answerAsIf(id, run.asIfs);
      await client.fetchQuery(conversationQuery(id));
      return id;
    },
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnMount: false,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
  const id = begun.data ?? null;
  const details = useQuery({ ...conversationQuery(id ?? ''), enabled: id !== null });

  const take = useCallback(
    (came: Partial<Conversation>) => {
      if (id === null) return;
      client.setQueryData(
        conversationQuery(id).queryKey,
        (known) => known && { ...known, ...came, messages: merged(known.messages, came.messages ?? NO_MESSAGES) },
      );
    },
    [client, id],
  );
  const look = useCallback(async () => {
    if (id === null) return undefined;
    void client.invalidateQueries({ queryKey: ['example'] });
    await client.invalidateQueries({ queryKey: conversationQuery(id).queryKey });
    return client.getQueryData(conversationQuery(id).queryKey);
  }, [client, id]);
  useEvents(id, take, look);

  /** Ask something of the server, then look at what came of it; a refusal is said. */
  const ask = useCallback(
    async (asked: () => Promise<unknown>): Promise<boolean> => {
      setProblem(null);
      const refused = await asked().then(
        () => null,
        (error: unknown) => asProblem(error),
      );
      setProblem(refused);
      await look();
      return refused === null;
    },
    [look],
  );

  const send = useCallback(
    async (said: Said, line: string, preview?: string, file?: File) => {
      if (id === null) return false;
      counted.current += 1;
      const shown = pendingMessage(`sending-${counted.current}`, said, line);
      const known = new Set(client.getQueryData(conversationQuery(id).queryKey)?.messages.map((each) => each.id));
      const keep = (messageId: string) => {
        if (preview) setPreviews((before) => new Map(before).set(messageId, preview));
      };
      setPending((before) => [...before, shown]);
      keep(shown.id);
      const isSent = await ask(async () =>
        say(id, file && 'media' in said ? { media: await uploaded(id, said.media, file) } : said),
      );
      const now = client.getQueryData(conversationQuery(id).queryKey)?.messages ?? NO_MESSAGES;
      const own = now.find((message) => message.direction === 'in' && !known.has(message.id));
      if (own) keep(own.id);
      setPending((before) => before.filter((message) => message !== shown));
      return isSent;
    },
    [ask, client, id],
  );

  const startAgain = useCallback(
    async (start?: Start) => {
      setProblem(null);
      setPending([]);
      setPreviews(new Map());
      void client.invalidateQueries({ queryKey: ['flows', flowId] });
      if (start || id === null) {
        const asIfs = (id && client.getQueryData(conversationQuery(id).queryKey)?.as_if) || NO_AS_IFS;
        setRun((before) => ({ number: before.number + 1, start: start ?? before.start, asIfs }));
        return;
      }
      setRestarting(true);
      await client.cancelQueries({ queryKey: conversationQuery(id).queryKey });
      client.setQueryData(
        conversationQuery(id).queryKey,
        (known): Conversation | undefined =>
          known && { ...known, status: 'running', messages: [], path: [], block_id: null },
      );
      await ask(() => restart(id));
      setRestarting(false);
    },
    [ask, client, flowId, id],
  );

  const jumpTo = useCallback((blockId: string) => id !== null && ask(() => jump(id, blockId)), [ask, id]);
  const setAsIf = useCallback(
    (blockId: string, asIf: AsIf | null) => id !== null && ask(() => answerAsIf(id, { [blockId]: asIf })),
    [ask, id],
  );

  const known = details.data?.messages ?? NO_MESSAGES;
  const status = details.data?.status ?? null;
  return {
    begun,
    details,
    id,
    status,
    blockId: details.data?.block_id ?? null,
    // What the server has told of already is no longer on its way.
    messages: [...known, ...pending.filter((message) => !isTold(message, known))],
    isBusy: isRestarting || begun.isFetching || status === 'running' || pending.length > 0,
    hasEnded: status !== null && ENDED.has(status),
    problem,
    previews,
    asIfs: details.data?.as_if ?? NO_AS_IFS,
    start: run.start,
    send,
    restart: startAgain,
    jumpTo,
    setAsIf,
    dismiss: useCallback(() => setProblem(null), []),
  };
}

export type Simulating = ReturnType<typeof useSimulator>;
