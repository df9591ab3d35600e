// A request while it is edited: nothing in it is absent, so that fields need not ask.
import type { Body, Input, Request, Row } from '../../api/schema';

export type Method = Request['method'];
export type BodyType = NonNullable<Body['type']>;

export interface FullRequest extends Request {
  query: Row[];
  headers: Row[];
  body: Body & { type: BodyType };
}

/** Methods in the order they are offered: those that only read come first. */
export const METHOD_GROUPS = [
  { group: 'reads', methods: ['GET', 'HEAD', 'OPTIONS'] },
  { group: 'writes', methods: ['POST', 'PUT', 'PATCH', 'DELETE'] },
  { group: 'special', methods: ['CONNECT', 'TRACE'] },
] as const satisfies { group: string; methods: Method[] }[];

export const BODY_TYPES = ['none', 'json', 'form', 'multipart', 'raw'] as const satisfies BodyType[];
export const BODILESS: ReadonlySet<Method> = new Set(['CONNECT', 'TRACE']);
/** Methods whose bodies servers are free to ignore (RFC 9110 section 9.3). */
export const BODY_UNUSUAL: ReadonlySet<Method> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);
export const MAX_TIMEOUT = 60;
export const DEFAULT_TIMEOUT = 10;

export function emptyRequest(): FullRequest {
  return {
    method: 'GET',
    endpoint: '',
    query: [],
    headers: [],
    body: { type: 'none' },
    timeout_seconds: null,
    follow_redirects: false,
    idempotency_header: null,
  };
}

export function emptyRow(): Row {
  return { key: '', value: '', send_empty: false, allow_utf8: false };
}

/** A row without options. */
export function rowOf(key: string, value: string): Row {
  return { ...emptyRow(), key, value };
}

export function isBlank(row: Row): boolean {
  return row.key === '' && row.value === '';
}

export function fullRequest(request: Request): FullRequest {
  return {
    ...emptyRequest(),
    ...request,
    query: request.query ?? [],
    headers: request.headers ?? [],
    body: { ...request.body, type: request.body?.type ?? 'none' },
  };
}

/** Whether nothing was entered yet. */
export function isUntouched(request: FullRequest): boolean {
  return (
    request.endpoint === '' &&
    request.query.length === 0 &&
    request.headers.length === 0 &&
    request.body.type === 'none'
  );
}

/** The inputs that have a key, with nothing in them that only the page they are edited on needs. */
export function namedInputs(inputs: Input[]): Input[] {
  return inputs
    .filter((input) => input.key !== '')
    .map(({ key, name, type, required }) => ({ key, name, type, required }));
}
