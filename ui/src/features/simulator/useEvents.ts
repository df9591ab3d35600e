// Listens to what the server tells while nobody asks: messages as they are said, blocks as they are entered, calls.
import { useEffect } from 'react';

import type { Conversation, Message } from '../../api/schema';
import { eventsOf } from './queries';

const GATHER_MS = 120;

/** `take` is given what is known at once; `look` is called once for all that happens in a short time. */
export function useEvents(
  id: string | null,
  take: (came: Partial<Conversation>) => void,
  look: () => Promise<unknown>,
): void {
  useEffect(() => {
    if (id === null) return undefined;
    let timer: number | null = null;
    const gather = () => {
      if (timer !== null) return;
      timer = window.setTimeout(() => {
        timer = null;
        void look();
      }, GATHER_MS);
    };
    const source = new EventSource(eventsOf(id));
    const listen = (kind: string, hear: (told: Record<string, unknown>) => void) =>
      source.addEventListener(kind, (event) => {
        hear(JSON.parse((event as MessageEvent<string>).data) as Record<string, unknown>);
        gather();
      });
    listen('message', (told) => {
      if (typeof told.id === 'string') take({ messages: [told as unknown as Message] });
    });
    listen('status', ({ status, block_id, answers, outputs, variables }) =>
      take({ status, block_id, answers, outputs, variables } as Partial<Conversation>),
    );
    for (const kind of ['visited', 'note', 'call']) listen(kind, () => undefined);
    return () => {
      source.close();
      if (timer !== null) window.clearTimeout(timer);
    };
  }, [id, take, look]);
}
