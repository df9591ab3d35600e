// Where a request refers to an input, and the same request with that reference renamed or taken out.
import type { Request, Row } from '../../api/schema';
import { readTemplate } from '../../components/TemplateField/grammar';

/** A place in a request; `name` is the header's, the parameter's, the field's, or the path in a JSON body. */
export interface Place {
  kind: 'endpoint' | 'query' | 'header' | 'field' | 'json' | 'text';
  name: string;
}

/** Where `{{inputs.key}}` stands, each place once. */
export function placesOf(request: Request | null, key: string): Place[] {
  const places: Place[] = [];
  const look = (kind: Place['kind'], name: string, text: string) => {
    if (refersTo(text, key)) places.push({ kind, name });
  };
  if (!request || key === '') return places;
  look('endpoint', '', request.endpoint);
  for (const row of request.query ?? []) look('query', row.key, row.value);
  for (const row of request.headers ?? []) look('header', row.key, row.value);
  for (const row of request.body?.fields ?? []) look('field', row.key, row.value);
  eachText(request.body?.json, '', (text, path) => look('json', path, text));
  look('text', '', request.body?.text ?? '');
  return places;
}

/** The request with each `{{inputs.key}}` written as `{{inputs.to}}`, or left out where `to` is null. */
export function renameInput(request: Request, key: string, to: string | null): Request {
  const change = (text: string) => rewrite(text, key, to);
  const rows = (given: Row[]) => given.map((row) => Object.assign({}, row, { value: change(row.value) }));
  const { body } = request;
  return {
    ...request,
    endpoint: change(request.endpoint),
    ...(request.query && { query: rows(request.query) }),
    ...(request.headers && { headers: rows(request.headers) }),
    ...(body && {
      body: {
        ...body,
        ...(body.fields && { fields: rows(body.fields) }),
        ...(body.json !== undefined && { json: mapTexts(body.json, change) }),
        ...(typeof body.text === 'string' && { text: change(body.text) }),
      },
    }),
  };
}

function refersTo(text: string, key: string): boolean {
  return readTemplate(text).some((part) => part.kind === 'reference' && part.group === 'inputs' && part.name === key);
}

function rewrite(text: string, key: string, to: string | null): string {
  if (!refersTo(text, key)) return text;
  return readTemplate(text)
    .map((part) => {
      const isMeant = part.kind === 'reference' && part.group === 'inputs' && part.name === key;
      if (!isMeant) return text.slice(part.from, part.to);
      return to === null ? '' : `{{inputs.${to}}}`;
    })
    .join('');
}

function eachText(value: unknown, path: string, visit: (text: string, path: string) => void): void {
  if (typeof value === 'string') visit(value, path);
  else if (Array.isArray(value)) value.forEach((item: unknown, index) => eachText(item, `${path}[${index}]`, visit));
  else if (isPlain(value)) {
    for (const [key, member] of Object.entries(value)) eachText(member, path ? `${path}.${key}` : key, visit);
  }
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, change));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTexts(member, change)]));
}

/** An object of JSON, and not a number that keeps its digits. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
}
