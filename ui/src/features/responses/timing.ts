// The parts of a call's time, in their order.
import type { Timing } from '../../api/schema';

export interface TimingPart {
  name: 'dns' | 'connect' | 'tls' | 'firstByte' | 'body' | 'unfinished';
  ms: number;
}

const LEAST_MS = 0.5;

/** The parts that happened; what is left of the total is the body, or the part that was not finished. */
export function partsOf(timing: Timing): TimingPart[] {
  const told: [TimingPart['name'], number | null | undefined][] = [
    ['dns', timing.dns_ms],
    ['connect', timing.connect_ms],
    ['tls', timing.tls_ms],
    ['firstByte', timing.first_byte_ms],
  ];
  const parts = told.flatMap(([name, ms]) => (isKnown(ms) ? [{ name, ms }] : []));
  const rest = timing.total_ms - parts.reduce((sum, { ms }) => sum + ms, 0);
  const hasAnswer = isKnown(timing.first_byte_ms);
  if (!hasAnswer && rest < LEAST_MS) return parts;
  return [...parts, { name: hasAnswer ? 'body' : 'unfinished', ms: Math.max(0, rest) }];
}

/** The part a call was in when it ran out of time: the one after the last that was finished. */
export function unfinishedPart(timing: Timing): TimingPart['name'] {
  if (isKnown(timing.first_byte_ms)) return 'body';
  if (isKnown(timing.tls_ms) || isKnown(timing.connect_ms)) return 'firstByte';
  return isKnown(timing.dns_ms) ? 'connect' : 'dns';
}

function isKnown(ms: number | null | undefined): ms is number {
  return ms !== null && ms !== undefined;
}
