// What was written and is on its way: shown at once, until the server tells of it.
import type { ChatMessage, Said } from './types';

/** Clocks of a browser and a server differ a little. */
const APART_MS = 5_000;

export function pendingMessage(id: string, said: Said, line: string, at = new Date()): ChatMessage {
  const base = { id, direction: 'in', status: 'sending', at: at.toISOString(), text: line } as const;
  if ('media' in said) return { ...base, type: said.media.kind, media: said.media };
  if ('form' in said) return { ...base, type: 'form', form: said.form };
  if ('location' in said) return { ...base, type: 'location', location: said.location };
  return 'reply_id' in said ? { ...base, type: 'reply', reply_id: said.reply_id } : { ...base, type: 'text' };
}

/** Whether the last thing the person said, as the server knows it, is this. */
export function isTold(sent: ChatMessage, known: readonly ChatMessage[]): boolean {
  const last = known.findLast((message) => message.direction === 'in');
  if (!last || Date.parse(last.at) < Date.parse(sent.at) - APART_MS) return false;
  if (sent.reply_id) return last.reply_id === sent.reply_id;
  if (sent.media) return last.media?.filename === sent.media.filename;
  if (sent.form) return last.form !== null && last.form !== undefined;
  if (sent.location) return last.location?.latitude === sent.location.latitude;
  return !last.reply_id && !last.media && last.text === sent.text;
}
