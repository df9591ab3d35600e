import { expect, test } from 'vitest';

import { isTold, pendingMessage } from './pending';
import type { ChatMessage } from './types';

const now = new Date('2026-11-22T10:00:00Z');
const told = (rest: Partial<ChatMessage>, at = '2026-11-22T10:00:01Z'): ChatMessage => ({
  id: 'msg_1',
  direction: 'in',
  type: 'text',
  status: 'done',
  at,
  ...rest,
});

test('what the server tells of is no longer on its way', () => {
  const sent = pendingMessage('sending-1', { text: 'hello' }, 'hello', now);
  expect(isTold(sent, [])).toBe(false);
  expect(isTold(sent, [told({ text: 'hello' })])).toBe(true);
  expect(isTold(sent, [told({ text: 'hello' }, '2026-11-22T09:59:00Z')])).toBe(false);
  expect(isTold(sent, [told({ text: 'hello', reply_id: 'yes' })])).toBe(false);
});

test('a tap, a file and a place are known again', () => {
  const tap = pendingMessage('1', { reply_id: 'yes' }, 'Yes', now);
  expect(isTold(tap, [told({ reply_id: 'yes', type: 'reply' })])).toBe(true);
  expect(isTold(tap, [told({ reply_id: 'no', type: 'reply' })])).toBe(false);
  const file = pendingMessage('2', { media: { kind: 'image', filename: 'a.png' } }, '', now);
  expect(isTold(file, [told({ type: 'image', media: { kind: 'image', filename: 'a.png' } })])).toBe(true);
  const place = pendingMessage('3', { location: { latitude: 1, longitude: 2 } }, '', now);
  expect(isTold(place, [told({ type: 'location', location: { latitude: 1, longitude: 2 } })])).toBe(true);
});
