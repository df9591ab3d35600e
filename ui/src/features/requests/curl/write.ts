// Writes a request as a cURL command: references become shell variables, so that no secret is in it.
import type { Row } from '../../../api/schema';
import { loneReference, readTemplate, type Part, type Reference } from '../../../components/TemplateField/grammar';
import { ExactNumber } from '../../../api/exactJson';
import { isObject, type JsonValue } from '../jsonText';
import type { FullRequest } from '../request';
import { treeOfRows } from '../bodies';

/** The type of a reference, `string` where nobody knows. */
type TypeOf = (reference: Reference) => string;

export interface Samples {
  typeOf: TypeOf;
  /** Whether an input and an authentication field have this name. */
  isAmbiguous?: (name: string) => boolean;
  /** By the key of an input, as text. */
  values: Record<string, string>;
}

const NO_SAMPLES: Samples = { typeOf: () => 'string', values: {} };

export function writeCurl(request: FullRequest, samples: Samples = NO_SAMPLES): string {
  const writer = new Writer(samples);
  const lines = writer.lines(request);
  return [...writer.assignments(), lines.join(' \\\n  ')].join('\n');
}

/** A text of the shell: literals, and the names of variables. */
type Piece = string | { variable: string };

class Writer {
  private readonly variables = new Map<string, string>();
  private readonly used: Reference[] = [];
  /** Inputs that name a file: here by an id or a link, for curl by a path that only who runs it knows. */
  private readonly files = new Set<string>();

  constructor(private readonly samples: Samples) {}

  assignments(): string[] {
    const lines = this.used.map((reference) => {
      const isSampled = reference.group === 'inputs' && !this.files.has(reference.name);
      const sample = isSampled ? this.samples.values[reference.name] : undefined;
      return `${this.name(reference)}=${quoted(sample || `<${reference.name}>`)}`;
    });
    return lines.length > 0 ? [...lines, ''] : [];
  }

  lines(request: FullRequest): string[] {
    this.noteNames(request);
    const { method, body } = request;
    const data = this.body(request);
    const options: string[] = [];
    const isImplied = method === (data.length > 0 ? 'POST' : 'GET');
    if (method === 'HEAD' && data.length === 0) options.push('-I');
    else if (!isImplied) options.push(`-X ${method}`);
    const url = [...this.pieces(request.endpoint), ...this.constantQuery(request)];
    if (url.some((piece) => typeof piece === 'string' && /[[\]{}]/.test(piece))) options.push('-g');
    const first = ['curl', ...options, word(url)].join(' ');
    const query = request.query
      .filter(hasReferences)
      .map(
        (row) => `--url-query ${word([`${encodeURIComponent(this.literal(row.key))}=`, ...this.pieces(row.value)])}`,
      );
    const headers = request.headers.map((row) => this.header(this.literal(row.key), row.value));
    const hasType = request.headers.some((row) => row.key.toLowerCase() === 'content-type');
    const type = body.type === 'json' ? 'application/json' : body.type === 'raw' ? (body.content_type ?? '') : '';
    if (type && !hasType) headers.push(`-H ${quoted(`Content-Type: ${type}`)}`);
    if (request.idempotency_header) headers.push(`-H "${request.idempotency_header}: $(uuidgen)"`);
    const rest: string[] = [];
    if (request.follow_redirects) rest.push('-L');
    if (request.timeout_seconds) rest.push(`-m ${request.timeout_seconds}`);
    return [first, ...query, ...headers, ...data, ...rest];
  }

  private header(name: string, value: string): string {
    return value === '' ? `-H ${quoted(`${name};`)}` : `-H ${word([`${name}: `, ...this.pieces(value)])}`;
  }

  private body({ body }: FullRequest): string[] {
    const fields = (body.fields ?? []).filter((row) => row.key !== '');
    switch (body.type) {
      case 'form':
        return fields.map(
          (row) =>
            `--data-urlencode ${word([`${encodeURIComponent(this.literal(row.key))}=`, ...this.pieces(row.value)])}`,
        );
      case 'multipart':
        return fields.map((row) => {
          const [option, mark] = row.kind === 'file' ? ['-F', '=@'] : ['--form-string', '='];
          return `${option} ${word([`${this.literal(row.key)}${mark}`, ...this.pieces(row.value)])}`;
        });
      case 'json':
        return [
          `--data-raw ${word(this.json(body.json === undefined ? treeOfRows(fields) : (body.json as JsonValue)))}`,
        ];
      case 'raw':
        return [`--data-raw ${word(this.pieces(body.text ?? ''))}`];
      default:
        return [];
    }
  }

  private json(value: JsonValue): Piece[] {
    if (typeof value === 'string') {
      const lone = loneReference(value);
      if (lone && !['string', 'text', 'password', 'datetime'].includes(this.samples.typeOf(lone)))
        return [{ variable: this.name(lone) }];
      return [
        '"',
        ...this.pieces(value).map((piece) => (typeof piece === 'string' ? JSON.stringify(piece).slice(1, -1) : piece)),
        '"',
      ];
    }
    if (value instanceof ExactNumber) return [value.source];
    if (Array.isArray(value)) return ['[', ...joined(value.map((item) => this.json(item))), ']'];
    if (isObject(value))
      return ['{', ...joined(Object.entries(value).map(([key, item]) => this.member(key, item))), '}'];
    return [JSON.stringify(value)];
  }

  private member(key: string, value: JsonValue): Piece[] {
    return [`${JSON.stringify(this.literal(key))}:`, ...this.json(value)];
  }

  /** The pairs without references, in the address already. */
  private constantQuery(request: FullRequest): Piece[] {
    const pairs = request.query
      .filter((row) => !hasReferences(row) && row.key !== '')
      .map((row) => `${encodeURIComponent(this.literal(row.key))}=${encodeURIComponent(this.literal(row.value))}`);
    if (pairs.length === 0) return [];
    return [(request.endpoint.includes('?') ? '&' : '?') + pairs.join('&')];
  }

  private pieces(template: string): Piece[] {
    return readTemplate(template).map((part) =>
      part.kind === 'reference' ? { variable: this.name(part) } : textOf(part, template),
    );
  }

  private literal(template: string): string {
    return readTemplate(template)
      .map((part) => (part.kind === 'literal' ? part.text : template.slice(part.from, part.to)))
      .join('');
  }

  /** Give each reference a variable; those of one name in both groups are told apart. */
  private noteNames(request: FullRequest): void {
    const seen = new Map<string, Reference>();
    for (const text of textsOf(request))
      for (const part of readTemplate(text))
        if (part.kind === 'reference') seen.set(`${part.group}.${part.name}`, part);
    for (const row of request.body.type === 'multipart' ? (request.body.fields ?? []) : [])
      if (row.kind === 'file') this.files.add(loneReference(row.value)?.name ?? '');
    for (const [text, reference] of seen) {
      const isAmbiguous =
        this.samples.isAmbiguous?.(reference.name) ||
        seen.has(`${reference.group === 'auth' ? 'inputs' : 'auth'}.${reference.name}`);
      const prefix = isAmbiguous ? (reference.group === 'auth' ? 'auth_' : 'input_') : '';
      this.variables.set(text, (prefix + reference.name).toUpperCase());
      this.used.push(reference);
    }
  }

  private name(reference: Reference): string {
    return this.variables.get(`${reference.group}.${reference.name}`) ?? reference.name.toUpperCase();
  }
}

function textOf(part: Exclude<Part, Reference>, template: string): string {
  return part.kind === 'literal' ? part.text : template.slice(part.from, part.to);
}

function hasReferences(row: Row): boolean {
  return readTemplate(row.value).some((part) => part.kind === 'reference');
}

/** Every text of a request that may hold references, in the order in which it is written. */
function textsOf(request: FullRequest): string[] {
  const { body } = request;
  const inTree = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    return value !== null && typeof value === 'object' ? Object.values(value).flatMap(inTree) : [];
  };
  return [
    request.endpoint,
    ...[...request.query, ...request.headers, ...(body.fields ?? [])].map((row) => row.value),
    ...inTree(body.json),
    body.text ?? '',
  ];
}

function joined(items: Piece[][]): Piece[] {
  return items.flatMap((item, index) => (index === 0 ? item : [',', ...item]));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** One word of the shell: in double quotes where that needs no escapes, else in single ones with the variables between. */
function word(pieces: Piece[]): string {
  const literal = pieces.filter((piece) => typeof piece === 'string').join('');
  if (pieces.every((piece) => typeof piece === 'string')) return quoted(literal);
  if (!/["\\$`!]/.test(literal))
    return `"${pieces.map((piece, index) => (typeof piece === 'string' ? piece : variable(piece.variable, pieces[index + 1]))).join('')}"`;
  let text = '';
  let run = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') run += piece;
    else {
      text += `${run && quoted(run)}"$${piece.variable}"`;
      run = '';
    }
  }
  return text + (run && quoted(run));
}

function variable(name: string, next: Piece | undefined): string {
  return typeof next === 'string' && /^\w/.test(next) ? `\${${name}}` : `$${name}`;
}
