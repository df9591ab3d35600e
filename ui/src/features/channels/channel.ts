// Rules of channels that need no browser: what state one is in, what its starts look like, and the token Meta proves itself by.
import type { Channel, ChannelCheck, Start } from '../../api/schema';

export type ChannelState = 'damaged' | 'parked' | 'incomplete' | 'failing' | 'unchecked' | 'working';
export const SECRETS = ['access_token', 'app_secret', 'verify_token'] as const;
export const SETUP_STEPS = ['secrets', 'callback', 'check', 'starts'] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];
export const CHECKS = ['secrets', 'token', 'number', 'account', 'subscription', 'address', 'deliveries'] as const;

/** The one thing that matters most about a channel just now. */
export function stateOf(channel: Channel): ChannelState {
  if (channel.is_damaged) return 'damaged';
  if (channel.parked) return 'parked';
  if (SECRETS.some((name) => !channel.secrets[name]?.is_set)) return 'incomplete';
  if (!channel.health) return 'unchecked';
  return channel.health.is_healthy ? 'working' : 'failing';
}

/** Where setting up goes on. */
export function nextStep(channel: Channel): SetupStep {
  if (!channel.secrets.access_token?.is_set || !channel.secrets.app_secret?.is_set) return 'secrets';
  if (!channel.secrets.verify_token?.is_set) return 'callback';
  return channel.health?.is_healthy ? 'starts' : 'check';
}

/** Whether nothing but the app's subscription is missing, which the server can mend itself. */
export function isSubscriptionMissing(checks: ChannelCheck[]): boolean {
  return checks.some(({ name, code }) => name === 'subscription' && code === 'not_subscribed');
}

/** 40 characters that nobody guesses; Meta takes letters and digits without trouble. */
export function newVerifyToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Ids as Meta shows them, without the blanks that copying drags along. */
export function cleanId(text: string): string {
  return text.replaceAll(/[\s\u200b\u2060\ufeff]/g, '');
}

export function isMetaId(text: string): boolean {
  return /^[0-9]{3,32}$/.test(text);
}

// ── starts ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export const START_KINDS = ['any', 'keyword', 'referral', 'template_button'] as const;

/** A start with an id of its own, by which the page knows its row. */
export interface StartRow extends Required<Start> {
  rowId: string;
}

let made = 0;

export function startRow(start: Partial<Start> = {}): StartRow {
  made += 1;
  return {
    rowId: `start-${made}`,
    flow_id: start.flow_id ?? '',
    kind: start.kind ?? 'any',
    words: start.words ?? [],
    match: start.match ?? 'exact',
    source_ids: start.source_ids ?? [],
  };
}

export function startOf({ rowId: _rowId, ...start }: StartRow): Required<Start> {
  return start;
}

/** Rules below one that fits every message are never looked at; their places. */
export function unreachable(starts: Pick<Start, 'kind'>[]): number[] {
  const first = starts.findIndex(({ kind }) => kind === 'any');
  return first === -1 ? [] : starts.map((_, index) => index).slice(first + 1);
}
