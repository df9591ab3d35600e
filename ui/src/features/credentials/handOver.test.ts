// @vitest-environment jsdom
// A handed-over key is there once, for its own field, not for long, and not for the next person.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { queries } from '../../api/queries';
import { sessionQuery } from '../../api/session';
import { handOver, isWaiting, takeOver } from './handOver';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  queries.clear();
});

describe('a handed-over key', () => {
  it('is taken once', () => {
    handOver('int_1', 'api_key', 'a-key-for-tests');

    expect(isWaiting('int_1', 'api_key')).toBe(true);
    expect(takeOver('int_1', 'api_key')).toBe('a-key-for-tests');
    expect(takeOver('int_1', 'api_key')).toBeNull();
  });

  it('belongs to its field', () => {
    handOver('int_1', 'api_key', 'a-key-for-tests');

    expect(takeOver('int_1', 'token')).toBeNull();
    expect(takeOver('int_2', 'api_key')).toBeNull();
  });

  it('is forgotten after ten minutes', () => {
    handOver('int_1', 'api_key', 'a-key-for-tests');
    vi.advanceTimersByTime(10 * 60_000);

    expect(isWaiting('int_1', 'api_key')).toBe(false);
  });

  it('is forgotten when somebody signs out', () => {
    queries.setQueryData(sessionQuery.queryKey, null);
    handOver('int_1', 'api_key', 'a-key-for-tests');
    queries.clear();

    expect(isWaiting('int_1', 'api_key')).toBe(false);
  });
});
