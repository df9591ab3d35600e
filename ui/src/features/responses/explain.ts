// Why an execution did not end well, by kind: each kind has words for what it means and what to do next.
import type { Execution } from '../../api/schema';
import { parseJson, toPlain } from './json';

const KINDS: Record<string, readonly string[]> = {
  dns: ['endpoint_dns_failed', 'endpoint_dns_timeout'],
  refused: ['endpoint_connect_failed'],
  connectTimeout: ['endpoint_connect_timeout'],
  tls: ['endpoint_tls_failed'],
  proxy: ['proxy_failed'],
  lost: ['connection_lost'],
  timeout: ['timeout_total'],
  blocked: [
    'endpoint_address_blocked',
    'endpoint_unreachable',
    'endpoint_host_reserved',
    'endpoint_port',
    'endpoint_insecure',
  ],
  loop: ['loop_detected'],
  method: ['method_disabled'],
  hosts: ['credential_host_not_allowed', 'redirect_host_not_allowed'],
  secret: ['secret_unreadable', 'secret_key_unavailable', 'kek_unavailable', 'kek_mismatch'],
  redirect: ['redirect_not_followed', 'redirect_limit', 'redirect_downgrade'],
  auth: ['auth_refused'],
  rateLimited: ['rate_limited'],
  client: ['http_client_error'],
  server: ['http_server_error'],
  badAnswer: ['upstream_bad_response', 'unexpected_status', 'response_cut_off', 'response_encoding'],
  tooLarge: ['response_too_large', 'response_json_limit'],
  notJson: ['response_not_json'],
  outputMissing: ['output_missing'],
  outputNull: ['output_null'],
  outputType: ['output_type'],
  outputSecret: ['output_contains_secret'],
  credential: ['credential_incomplete', 'auth_value_not_allowed'],
  unknown: ['unknown_outcome'],
};
const BY_CODE = new Map(Object.entries(KINDS).flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)));

/** What can be done about it, as places in the app. */
export type Remedy = 'credentials' | 'request' | 'inputs' | 'outputs' | 'address-policy';
const REMEDIES: Record<string, Remedy> = {
  dns: 'request',
  refused: 'request',
  connectTimeout: 'request',
  tls: 'request',
  timeout: 'request',
  blocked: 'address-policy',
  method: 'request',
  hosts: 'credentials',
  secret: 'credentials',
  redirect: 'request',
  auth: 'credentials',
  client: 'request',
  notFound: 'request',
  tooLarge: 'request',
  notJson: 'outputs',
  outputMissing: 'outputs',
  outputNull: 'outputs',
  outputType: 'outputs',
  outputSecret: 'outputs',
  credential: 'credentials',
  input: 'inputs',
};

export interface Explanation {
  /** Names the words in the catalogue: `explain.<kind>.title` and so on. */
  kind: string;
  remedy: Remedy | null;
  /** What the API itself said about it. */
  apiMessage: string | null;
}

/** The explanation of an execution that has an error; null where there is none. */
export function explain({ error, outcome, response }: Execution): Explanation | null {
  if (!error) return null;
  let kind =
    BY_CODE.get(error.code) ?? (outcome === 'input_invalid' ? 'input' : outcome === 'blocked' ? 'blocked' : 'other');
  if (kind === 'client' && (response?.status === 404 || response?.status === 410)) kind = 'notFound';
  const isSaid = response !== null && response.status >= 400 && response.body_encoding === 'text';
  return { kind, remedy: REMEDIES[kind] ?? null, apiMessage: isSaid ? apiMessage(response.body ?? '') : null };
}

const MESSAGE_NAMES = [
  'message',
  'detail',
  'error_description',
  'error_message',
  'error',
  'errors',
  'title',
  'description',
  'reason',
];
const MOST_CHARACTERS = 300;
const MOST_LEVELS = 4;

/** The sentence an API put into its answer, wherever APIs usually put it. */
export function apiMessage(body: string): string | null {
  const node = parseJson(body);
  const text = node ? findMessage(toPlain(node), MOST_LEVELS) : null;
  return text && text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function findMessage(value: unknown, levels: number): string | null {
  if (typeof value === 'string') return value.trim() || null;
  if (levels === 0 || value === null || typeof value !== 'object') return null;
  if (Array.isArray(value)) return findMessage(value[0], levels - 1);
  const members = new Map(Object.entries(value).map(([key, member]) => [key.toLowerCase(), member as unknown]));
  for (const name of MESSAGE_NAMES) {
    const found = members.has(name) ? findMessage(members.get(name), levels - 1) : null;
    if (found) return found;
  }
  return null;
}
