import { expect, test } from 'vitest';

import { happeningsOf, visitsOf } from './path';
import type { PathStep } from '../../api/schema';

function step(number: number, kind: PathStep['kind'], rest: Partial<PathStep> = {}): PathStep {
  const at = `2026-11-22T10:00:0${number}Z`;
  return { number, kind, block_id: 'b', visit: 1, edge: null, execution_id: null, note: null, at, ...rest };
}

test('the blocks that were entered are the path', () => {
  const path = [step(1, 'visited', { block_id: 'a' }), step(2, 'note'), step(3, 'visited', { edge: 'next' })];
  expect(visitsOf(path).map(({ block_id: id, edge }) => [id, edge])).toEqual([
    ['a', null],
    ['b', 'next'],
  ]);
});

test('a call is one happening from its beginning to its end', () => {
  const began = step(1, 'call', { note: { state: 'started' } });
  expect(happeningsOf([began])[0]?.call).toMatchObject({ outcome: null });
  const ended = step(2, 'call', {
    execution_id: 'exe_1',
    note: { state: 'ended', outcome: 'http_5xx', status: 500, error: 'The API failed.' },
  });
  const found = happeningsOf([began, ended, step(3, 'call', { visit: 4, note: { state: 'started' } })]);
  expect(found).toHaveLength(2);
  expect(found[0]).toMatchObject({
    at: began.at,
    call: { outcome: 'http_5xx', status: 500, error: 'The API failed.', executionId: 'exe_1' },
  });
});

test('a note keeps its code and its facts', () => {
  const noted = step(1, 'note', { note: { code: 'answer_refused', params: { attempt: 2 } } });
  expect(happeningsOf([noted])[0]?.note).toEqual({ code: 'answer_refused', params: { attempt: 2 } });
});
