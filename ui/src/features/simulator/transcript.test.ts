import { expect, test } from 'vitest';

import { entries, lineOf, merged, promptOf, type Happening } from './transcript';
import type { ChatMessage } from './types';

function message(id: string, direction: 'in' | 'out', at: string, rest: Partial<ChatMessage> = {}): ChatMessage {
  return { id, direction, type: 'text', text: id, status: 'done', at: `2026-11-22T${at}Z`, ...rest };
}

function call(at: string): Happening {
  return { key: `call-${at}`, at: `2026-11-22T${at}Z`, blockId: null };
}

test('happenings stand between the messages of their time, and a new run of a side has a tail', () => {
  const messages = [
    message('hello', 'out', '10:00:00'),
    message('ana', 'in', '10:00:05'),
    message('code?', 'out', '10:00:07'),
    message('again', 'out', '10:00:07'),
  ];
  const shown = entries(messages, [call('10:00:06')]);
  expect(shown.map(({ kind, key }) => (kind === 'day' ? kind : key))).toEqual([
    'day',
    'hello',
    'ana',
    'call-10:00:06',
    'code?',
    'again',
  ]);
  expect(shown.flatMap((entry) => (entry.kind === 'message' ? [entry.isFirst] : []))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('a note stands before what was said at its moment, a call after it', () => {
  const messages = [message('wrong', 'out', '10:00:01')];
  const note: Happening = { key: 'note', at: messages[0]!.at, blockId: null, note: { code: 'call_late', params: {} } };
  const called: Happening = {
    key: 'call',
    at: messages[0]!.at,
    blockId: null,
    call: { visit: 1, outcome: null, status: null, error: null, executionId: null },
  };
  expect(
    entries(messages, [note, called])
      .map(({ key }) => key)
      .slice(1),
  ).toEqual(['note', 'wrong', 'call']);
});

test('messages of one moment keep the order they came in', () => {
  const messages = ['c', 'a', 'b'].map((id) => message(id, 'out', '10:00:00'));
  expect(entries(messages, []).flatMap(({ kind, key }) => (kind === 'message' ? [key] : []))).toEqual(['c', 'a', 'b']);
});

test('another day is said', () => {
  const later = { ...message('b', 'out', '10:00:00'), at: '2026-11-24T10:00:00Z' };
  expect(entries([message('a', 'out', '10:00:00'), later], []).filter(({ kind }) => kind === 'day')).toHaveLength(2);
});

test('a tapped button is the answer to the last prompt that offered it', () => {
  const buttons = [{ id: 'yes', title: 'Yes, please' }];
  const first = message('first', 'out', '10:00:00', { buttons });
  const second = message('second', 'out', '10:00:02', { sections: [{ title: '', rows: buttons }] });
  const tap = message('tap', 'in', '10:00:03', { text: null, reply_id: 'yes' });
  const messages = [first, message('no', 'in', '10:00:01'), second, tap];
  expect(promptOf(tap, messages)).toBe(second);
  expect(lineOf(tap, messages)).toBe('Yes, please');
  expect(promptOf(messages[1]!, messages)).toBeNull();
});

test('what comes again replaces what is there', () => {
  const known = [message('a', 'in', '10:00:00', { status: 'received' }), message('b', 'out', '10:00:01')];
  const came = [message('a', 'in', '10:00:00'), message('c', 'out', '10:00:02')];
  expect(merged(known, came).map(({ id, status }) => `${id} ${status}`)).toEqual(['a done', 'b done', 'c done']);
});
