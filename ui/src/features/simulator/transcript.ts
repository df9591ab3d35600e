// The order of what a chat shows: messages, what happened between them, and the days they fall on.
import type { ChatMessage, ListRow, ReplyButton } from './types';

/** Something between two messages: a call, or a note. */
export interface Happening {
  key: string;
  at: string;
  blockId: string | null;
  /** Set for a call. */
  call?: Call;
  /** The code of a note and its facts. */
  note?: { code: string; params: Record<string, unknown> };
}

/** A call as the path tells of it; without an outcome it goes on. */
export interface Call {
  visit: number;
  outcome: string | null;
  status: number | null;
  error: string | null;
  executionId: string | null;
}

export type Entry =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'happening'; key: string; at: string; happening: Happening }
  | { kind: 'message'; key: string; at: string; message: ChatMessage; isFirst: boolean };

/** Everything in its order; `isFirst` is the first message of a side in a row, which has the tail. */
export function entries(messages: ChatMessage[], happenings: Happening[]): Entry[] {
  const timed = [
    ...messages.map((message, place) => ({ at: Date.parse(message.at), place, message, happening: null })),
    ...happenings.map((happening) => ({
      at: Date.parse(happening.at),
      place: placeOf(happening, messages),
      message: null,
      happening,
    })),
  ].toSorted((a, b) => a.place - b.place);
  const made: Entry[] = [];
  let day = '';
  let side = '';
  for (const { message, happening } of timed) {
    const at = (message ?? happening)?.at ?? '';
    const itsDay = dayOf(at);
    if (itsDay !== day) {
      made.push({ kind: 'day', key: `day-${itsDay}`, at });
      day = itsDay;
      side = '';
    }
    if (message) {
      made.push({ kind: 'message', key: message.id, at, message, isFirst: message.direction !== side });
      side = message.direction;
    } else if (happening) {
      made.push({ kind: 'happening', key: happening.key, at, happening });
      side = '';
    }
  }
  return made;
}

/** Messages keep the order the server gave them; a note stands before what was said at its moment, a call after it. */
function placeOf(happening: Happening, messages: ChatMessage[]): number {
  const at = Date.parse(happening.at);
  let place = -1;
  messages.forEach((message, index) => {
    const saidAt = Date.parse(message.at);
    if (saidAt < at || (saidAt === at && happening.call)) place = index;
  });
  return place + 0.5;
}

function dayOf(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/** The prompt that a tapped button or row belongs to: the one it names, else the last before the answer that offered it. */
export function promptOf(reply: ChatMessage, messages: ChatMessage[]): ChatMessage | null {
  if (!reply.reply_id) return null;
  const named = reply.reply_to && messages.find(({ id }) => id === reply.reply_to);
  if (named) return named;
  const before = messages.slice(0, messages.indexOf(reply));
  return before.findLast((message) => offered(message).some(({ id }) => id === reply.reply_id)) ?? null;
}

/** Every button and row that a message offers. */
export function offered(message: ChatMessage): (ReplyButton | ListRow)[] {
  return [...(message.buttons ?? []), ...(message.sections ?? []).flatMap(({ rows }) => rows)];
}

/** What a message says in one line: of a tapped button or row its title. */
export function lineOf(message: ChatMessage, messages: ChatMessage[]): string {
  if (message.text) return message.text;
  const prompt = promptOf(message, messages);
  const choice = prompt && offered(prompt).find(({ id }) => id === message.reply_id);
  return choice?.title ?? message.media?.caption ?? message.media?.filename ?? message.filename ?? message.url ?? '';
}

/** What is there, with what came: the same id is replaced where it stands, the rest follows. */
export function merged<M extends { id: string }>(known: M[], came: M[]): M[] {
  const byId = new Map(came.map((message) => [message.id, message]));
  const kept = known.map((message) => byId.get(message.id) ?? message);
  const ids = new Set(known.map(({ id }) => id));
  return [...kept, ...came.filter(({ id }) => !ids.has(id))];
}
