// A key that was found in a pasted cURL command waits here for the credential: in memory, once, and not for long.
import { queries } from '../../api/queries';
import { sessionQuery } from '../../api/session';

const MINUTES = 10;

interface Waiting {
  value: string;
  timer: number;
}

const waiting = new Map<string, Waiting>();
const place = (integrationId: string, identifier: string) => `${integrationId} ${identifier}`;

export function handOver(integrationId: string, identifier: string, value: string): void {
  takeOver(integrationId, identifier);
  const key = place(integrationId, identifier);
  waiting.set(key, { value, timer: window.setTimeout(() => waiting.delete(key), MINUTES * 60_000) });
}

export function isWaiting(integrationId: string, identifier: string): boolean {
  return waiting.has(place(integrationId, identifier));
}

/** The value, which is forgotten here with that; null where none waits. */
export function takeOver(integrationId: string, identifier: string): string | null {
  const key = place(integrationId, identifier);
  const found = waiting.get(key);
  if (!found) return null;
  window.clearTimeout(found.timer);
  waiting.delete(key);
  return found.value;
}

// Whoever signs out takes everything known of the session away; what waits here goes with it.
queries.getQueryCache().subscribe(({ type, query }) => {
  if (type !== 'removed' || query.queryKey[0] !== sessionQuery.queryKey[0]) return;
  for (const { timer } of waiting.values()) window.clearTimeout(timer);
  waiting.clear();
});
