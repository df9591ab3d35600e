// Finds what looks like a key or password in a pasted request, and takes it out until somebody says where it belongs.
import type { Body, Row } from '../../../api/schema';
import { escapeTemplate, referencesIn } from '../../../components/TemplateField/grammar';
import { ExactNumber } from '../../../api/exactJson';
import { isObject, type JsonValue } from '../jsonText';
import type { FullRequest } from '../request';

export type SecretPlace = 'header' | 'query' | 'body';

export interface FoundSecret {
  id: number;
  place: SecretPlace;
  /** Of the header, query parameter or field. */
  name: string;
  /** The secret itself; it stays in memory, and in the request only if somebody says that it is none. */
  value: string;
  /** The shell variable that stood in its place, so that there is no value. */
  variable?: string;
  /** A name for an authentication field. */
  identifier: string;
  isBasic: boolean;
}

const OPEN = '\u{f0002}';
const CLOSE = '\u{f0003}';
const MARK = /\u{f0002}(\d+)\u{f0003}/gu;

const HEADER =
  /^(?:authorization|cookie|x-amz-security-token)$|api[-_]?key|(?:^|[-_])(?:key|token|secret|auth|password|passwd|pwd|credentials?|session|signature)(?:$|[-_])|apikey|accesstoken/i;
const NOT_SECRET =
  /idempotency|version|key-?id$|(?:sort|partition|group|foreign|primary|public)[-_]?key|max[-_]?tokens|grant_type|token_type|auth_type|session_?type|sec-websocket/i;
const FIELD =
  /^(?:key|token|secret|auth|signature|sig)$|api[-_]?key|access[-_]?key|(?:access|auth|refresh|id|bearer|api|secret)[-_]?token|secret|password|passwd|^pwd$/i;
const SCHEME = /^(Bearer|Basic|Token|ApiKey|Api-Key|Key|Digest|GenieKey|SSWS|Bot|OAuth)[ ]+(\S.*)$/i;

export function looksSecret(name: string, place: SecretPlace): boolean {
  return (place === 'header' ? HEADER : FIELD).test(name) && !NOT_SECRET.test(name);
}

/** A name for a field by the identifier rule: `X-Api-Key` becomes `api_key`. */
export function identifierFor(name: string): string {
  const slug = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^(?:x_)+/, '')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 64)
    .replace(/_+$/, '');
  return slug || 'secret';
}

function uniqueIdentifier(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted.slice(0, 60)}_${count}`;
  taken.add(name);
  return name;
}

/** The request with a mark for each secret, and the secrets. */
export function takeSecrets(
  request: FullRequest,
  variables: ReadonlySet<string>,
): { request: FullRequest; secrets: FoundSecret[] } {
  const secrets: FoundSecret[] = [];
  const taken = new Set<string>();

  function take(name: string, place: SecretPlace, template: string): string {
    if (!template.trim() || referencesIn(template).length > 0 || !looksSecret(name, place)) return template;
    const [, scheme = '', rest = template] = (place === 'header' && SCHEME.exec(template)) || [];
    const isBasic = scheme.toLowerCase() === 'basic';
    const wanted = name.toLowerCase() === 'authorization' ? (isBasic ? 'basic_auth' : 'token') : identifierFor(name);
    const id = secrets.length;
    const variable = rest.startsWith('$') && variables.has(rest.slice(1)) ? rest.slice(1) : undefined;
    const value = variable === undefined ? rest.replaceAll('\\{{', '{{') : '';
    secrets.push({
      id,
      place,
      name,
      value,
      identifier: uniqueIdentifier(wanted, taken),
      isBasic,
      ...(variable !== undefined && { variable }),
    });
    return `${scheme && `${scheme} `}${OPEN}${id}${CLOSE}`;
  }

  const inRows = (rows: Row[], place: SecretPlace) =>
    rows.map((row) => withValue(row, take(row.key, place, row.value)));
  const inTree = (value: JsonValue, name: string): JsonValue => {
    if (typeof value === 'string') return take(name, 'body', value);
    if (Array.isArray(value)) return value.map((item) => inTree(item, name));
    return isObject(value) ? mapMembers(value, inTree) : value;
  };
  const { body } = request;
  const found: FullRequest = {
    ...request,
    query: inRows(request.query, 'query'),
    headers: inRows(request.headers, 'header'),
    body: {
      ...body,
      ...(body.fields && { fields: inRows(body.fields, 'body') }),
      ...(body.json !== undefined && { json: inTree(body.json as JsonValue, '') }),
    },
  };
  return { request: found, secrets };
}

function withValue(row: Row, value: string): Row {
  return { ...row, value };
}

function mapMembers(value: Record<string, JsonValue>, change: (item: JsonValue, key: string) => JsonValue): JsonValue {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}

export type Choice =
  | { is: 'field'; identifier: string } // an authentication field: there already, or made now
  | { is: 'left_out' }
  | { is: 'plain' }; // no secret at all, so it is written into the request

/** The request with each mark as it was chosen; rows and members whose secret is left out go with it. */
export function placeSecrets(request: FullRequest, secrets: FoundSecret[], choices: Choice[]): FullRequest {
  const gone = new Set(secrets.filter(({ id }) => choices[id]?.is === 'left_out').map(({ id }) => id));
  const isGone = (value: unknown) =>
    typeof value === 'string' && [...value.matchAll(MARK)].some((mark) => gone.has(Number(mark[1])));
  const fill = (text: string) =>
    text.replace(MARK, (_, mark: string) => {
      const choice = choices[Number(mark)];
      if (choice?.is === 'field') return `{{auth.${choice.identifier}}}`;
      return choice?.is === 'plain' ? escapeTemplate(secrets[Number(mark)]!.value) : '';
    });
  const inRows = (rows: Row[]) =>
    rows.filter((row) => !isGone(row.value)).map((row) => withValue(row, fill(row.value)));
  const inTree = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return fill(value);
    if (value === null || typeof value !== 'object' || value instanceof ExactNumber) return value;
    if (Array.isArray(value)) return value.filter((item) => !isGone(item)).map(inTree);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => !isGone(item))
        .map(([key, item]) => [key, inTree(item)]),
    );
  };
  const { body } = request;
  const filled: Body & FullRequest['body'] = {
    ...body,
    ...(body.fields && { fields: inRows(body.fields) }),
    ...(body.json !== undefined && { json: inTree(body.json as JsonValue) }),
  };
  return { ...request, query: inRows(request.query), headers: inRows(request.headers), body: filled };
}
