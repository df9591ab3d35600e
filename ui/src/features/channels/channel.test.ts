import { expect, test } from 'vitest';

import type { Channel } from '../../api/schema';
import { cleanId, isMetaId, newVerifyToken, nextStep, startOf, startRow, stateOf, unreachable } from './channel';

const set = { is_set: true, updated_at: '2026-11-22T10:00:00Z' };
const missing = { is_set: false, updated_at: null };

function channel(change: Partial<Channel>): Channel {
  const secrets = { access_token: set, app_secret: set, app_secret_before: missing, verify_token: set };
  return { secrets, health: null, parked: null, is_damaged: false, ...change } as unknown as Channel;
}

const health = (is_healthy: boolean) => ({ is_healthy, checks: [], checked_at: '2026-11-22T10:00:00Z' });

test('a channel is in the state that matters most', () => {
  const parked = { code: 'token_expired', message: '', at: '2026-11-22T10:00:00Z' };
  expect(stateOf(channel({}))).toBe('unchecked');
  expect(stateOf(channel({ health: health(true) }))).toBe('working');
  expect(stateOf(channel({ health: health(false) }))).toBe('failing');
  expect(stateOf(channel({ secrets: {} }))).toBe('incomplete');
  expect(stateOf(channel({ secrets: {}, parked }))).toBe('parked');
  expect(stateOf(channel({ parked, is_damaged: true }))).toBe('damaged');
});

test('setting up goes on where something is missing', () => {
  expect(nextStep(channel({ secrets: {} }))).toBe('secrets');
  expect(nextStep(channel({ secrets: { access_token: set, app_secret: set } }))).toBe('callback');
  expect(nextStep(channel({}))).toBe('check');
  expect(nextStep(channel({ health: health(false) }))).toBe('check');
  expect(nextStep(channel({ health: health(true) }))).toBe('starts');
});

test('an id of Meta is digits, whatever copying dragged along', () => {
  expect(cleanId(' 1002 0030\u200b\n')).toBe('10020030');
  expect(isMetaId('10020030')).toBe(true);
  expect(isMetaId('+15550100')).toBe(false);
  expect(isMetaId('')).toBe(false);
});

test('no two verify tokens are the same', () => {
  expect(newVerifyToken()).toMatch(/^[0-9a-f]{40}$/);
  expect(newVerifyToken()).not.toBe(newVerifyToken());
});

test('rules below one that fits everything are never looked at', () => {
  expect(unreachable([{ kind: 'keyword' }, { kind: 'any' }, { kind: 'referral' }, { kind: 'any' }])).toEqual([2, 3]);
  expect(unreachable([{ kind: 'keyword' }])).toEqual([]);
});

test('a start is kept as the API knows it', () => {
  const row = startRow({ flow_id: 'flw_1', kind: 'keyword', words: ['hola'] });
  expect(startOf(row)).toEqual({ flow_id: 'flw_1', kind: 'keyword', words: ['hola'], match: 'exact', source_ids: [] });
  expect(startRow().rowId).not.toBe(row.rowId);
});
