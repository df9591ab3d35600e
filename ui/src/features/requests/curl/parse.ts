// Reads a cURL command into a request: everything it says is taken over, set aside as a secret, or told in a note.
import { escapeTemplate, readTemplate } from '../../../components/TemplateField/grammar';
import type { ReferenceGroup } from '../../../components/TemplateField';
import type { Row } from '../../../api/schema';
import { emptyRequest, emptyRow, MAX_TIMEOUT, type FullRequest, type Method } from '../request';
import { splitQuery } from '../urls';
import { bodyFromData, type Data } from './body';
import { addHeader, settleHeaders } from './headers';
import { Notes, type Note } from './notes';
import { readOptions, type Option } from './options';
import { takeSecrets, type FoundSecret } from './secrets';
import { isCurl, splitCommand, VARIABLE } from './words';

export interface CurlImport {
  /** With a mark where each secret stood; see `placeSecrets`. */
  request: FullRequest;
  secrets: FoundSecret[];
  notes: Note[];
}

export interface Names {
  inputs: string[];
  auth: string[];
}

const METHODS: readonly string[] = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'PATCH',
  'HEAD',
] satisfies Method[];
/** Options that make curl send a body, and so a POST. */
const SENDS: ReadonlySet<string> = new Set(['data', 'data-raw', 'data-urlencode', 'json', 'form', 'form-string']);
const NO_NAMES: Names = { inputs: [], auth: [] };

/** Whether a pasted text is a cURL command, perhaps behind a prompt or assignments. */
export function looksLikeCurl(text: string): boolean {
  return /^\s*(?:[$%>#]\s+)?(?:(?:export\s+|set\s+)?[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|\S*)[\s;]+)*(?:(?:[A-Za-z]:)?[^\s:]*[\\/])?curl(?:\.exe)?\s+\S/i.test(
    text,
  );
}

/** The request of a command; null where it calls no curl, or names no address. */
export function parseCurl(text: string, names: Names = NO_NAMES): CurlImport | null {
  const { words, rest, isOpen } = splitCommand(text.trim().replace(/^[$%>#]\s+/, ''));
  const at = words.findIndex(isCurl);
  if (at < 0) return null;
  const reader = new Reader(names, assignments(words.slice(0, at)));
  if (isOpen) reader.notes.add('open_quote');
  if (rest) reader.notes.add('rest', rest.length > 60 ? `${rest.slice(0, 60)}…` : rest);
  return reader.read(readOptions(words.slice(at + 1)));
}

function assignments(words: string[]): Map<string, string> {
  return new Map(
    words.flatMap((word): [string, string][] => {
      const found = /^([A-Za-z_]\w*)=([^]*?);?$/.exec(word);
      return found ? [[found[1]!, found[2]!]] : [];
    }),
  );
}

class Reader {
  readonly notes = new Notes();
  private readonly headers: Row[] = [];
  private readonly query: Row[] = [];
  private readonly data: Data = { pieces: [], parts: [], isJson: false };
  private readonly urls: string[] = [];
  private method = '';
  private isQueryOnly = false;
  private hasData = false;
  private readonly request = emptyRequest();

  constructor(
    private readonly names: Names,
    private readonly assigned: Map<string, string>,
  ) {}

  read(options: Option[]): CurlImport | null {
    for (const option of options) {
      if (option.meaning === 'next') {
        this.notes.add('more_urls');
        break;
      }
      this.take(option);
    }
    if (!this.urls[0]) return null;
    if (this.urls.length > 1) this.notes.add('more_urls');
    this.address(this.urls[0]);
    if (this.isQueryOnly) this.query.push(...this.data.pieces.flatMap((piece) => piece.asPairs()));
    else this.request.body = bodyFromData(this.data, this.headers, this.notes, (text) => this.template(text));
    this.settleMethod();
    const headers = settleHeaders(this.headers, this.request.body, this.notes);
    const full = this.templates({ ...this.request, query: this.query, headers });
    const taken = takeSecrets(full, this.unknown);
    const asked = new Set(taken.secrets.map((secret) => secret.variable));
    for (const name of this.unknown) if (!asked.has(name)) this.notes.add('variable', `$${name}`);
    return { ...taken, notes: this.notes.list };
  }

  private take({ written, meaning, value }: Option): void {
    this.hasData ||= SENDS.has(meaning);
    switch (meaning) {
      case 'method':
        this.method = value.toUpperCase();
        break;
      case 'url':
        this.urls.push(value);
        break;
      case 'header':
        this.header(value);
        break;
      case 'data':
        if (!this.file(value)) this.data.pieces.push(plainPiece(value));
        break;
      case 'data-raw':
        this.data.pieces.push(plainPiece(value));
        break;
      case 'data-urlencode':
        this.urlEncoded(value, (piece) => this.data.pieces.push(piece));
        break;
      case 'url-query':
        this.urlEncoded(value, (piece) => this.query.push(...piece.asPairs()));
        break;
      case 'json':
        this.data.isJson = true;
        if (!this.file(value)) this.data.pieces.push(plainPiece(value));
        break;
      case 'form':
        this.part(value);
        break;
      case 'form-string':
        this.part(value, true);
        break;
      case 'user':
        this.user(value);
        break;
      case 'bearer':
        addHeader(this.headers, 'Authorization', `Bearer ${value}`);
        break;
      case 'cookie':
        if (value.includes('=') || value.search(VARIABLE) >= 0) addHeader(this.headers, 'Cookie', value);
        else this.notes.add('file', value);
        break;
      case 'agent':
        addHeader(this.headers, 'User-Agent', value, true);
        break;
      case 'referer':
        addHeader(this.headers, 'Referer', value.replace(/;auto$/, ''), true);
        break;
      case 'range':
        addHeader(this.headers, 'Range', `bytes=${value}`);
        break;
      case 'timeout':
        this.timeout(value);
        break;
      case 'get':
        this.isQueryOnly = true;
        break;
      case 'head':
        this.method ||= 'HEAD';
        break;
      case 'redirects':
        this.request.follow_redirects = true;
        break;
      case 'insecure':
        this.notes.add('insecure');
        break;
      case 'upload':
        this.method ||= 'PUT';
        this.notes.add('file', value);
        break;
      case 'lost':
        this.notes.add('lost_option', written);
        break;
      case 'unknown':
        this.notes.add('unknown_option', written);
        break;
    }
  }

  private header(line: string): void {
    if (line.startsWith('@')) {
      this.notes.add('file', line.slice(1));
      return;
    }
    const found = /^([^:;]+)(?::[ \t]*([^]*?)[ \t]*|;[ \t]*)$/.exec(line);
    if (!found) return;
    const isRemoved = line.includes(':') && !found[2]; // `Accept:` keeps curl from sending its own
    if (!isRemoved) addHeader(this.headers, found[1]!.trim(), found[2] ?? '');
  }

  private file(value: string): boolean {
    if (!value.startsWith('@')) return false;
    this.notes.add('file', value.slice(1));
    return true;
  }

  private urlEncoded(value: string, add: (piece: Data['pieces'][number]) => void): void {
    const [, name = '', how = '', text = value] = /^([^=@]*)([=@])([^]*)$/.exec(value) ?? [];
    if (how === '@') this.notes.add('file', text);
    else add(name ? pairPiece(name, text) : plainPiece(encodeURIComponent(how ? text : value)));
  }

  private part(value: string, isPlain = false): void {
    const at = value.indexOf('=');
    const key = value.slice(0, at < 0 ? undefined : at);
    let text = at < 0 ? '' : value.slice(at + 1);
    if (!isPlain && /^[@<]/.test(text)) {
      const path = text.slice(1).split(';')[0]!;
      if (text.startsWith('@') && this.isInput(path))
        this.data.parts.push({ ...emptyRow(), key, value: path, kind: 'file' });
      else this.notes.add('file', path);
      return;
    }
    const type = isPlain ? null : /;(?:type|filename|headers|encoder)=[^]*$/.exec(text);
    if (type) {
      this.notes.add('form_type', key);
      text = text.slice(0, type.index);
    }
    this.data.parts.push({
      ...emptyRow(),
      key,
      value: /^".*"$/s.test(text) && !isPlain ? text.slice(1, -1).replaceAll('\\"', '"') : text,
    });
  }

  /** Whether a text is the variable of an input and nothing else. */
  private isInput(text: string): boolean {
    const name = /^\u{f0000}(\w+)\u{f0001}$/u.exec(text)?.[1];
    return name !== undefined && (this.reference(name)?.startsWith('{{inputs.') ?? false);
  }

  private user(value: string): void {
    if (value.search(VARIABLE) >= 0) {
      addHeader(this.headers, 'Authorization', 'Basic \u{f0000}BASIC_AUTH\u{f0001}'); // only who fills in the credential can encode it
      return;
    }
    const bytes = new TextEncoder().encode(value.includes(':') ? value : `${value}:`);
    addHeader(this.headers, 'Authorization', `Basic ${btoa(String.fromCharCode(...bytes))}`);
  }

  private timeout(value: string): void {
    const seconds = Number(value);
    if (!(seconds > 0)) return;
    if (seconds > MAX_TIMEOUT) this.notes.add('timeout', value);
    this.request.timeout_seconds = Math.min(seconds, MAX_TIMEOUT);
  }

  private address(written: string): void {
    let url = written.trim();
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url) && !url.startsWith('\u{f0000}') && !url.startsWith('{{')) {
      this.notes.add('scheme');
      url = `https://${url}`;
    }
    const user = /^([a-z]+:\/\/)([^/?#@]*)@/i.exec(url);
    if (user) {
      url = user[1]! + url.slice(user[0].length);
      const [name = '', password = ''] = user[2]!.split(/:(.*)/s);
      this.user(`${decode(name)}:${decode(password)}`);
    }
    const split = splitQuery(url);
    this.request.endpoint = (split?.endpoint ?? url).replace(/#.*$/s, '');
    this.query.unshift(...(split?.rows ?? []));
  }

  private settleMethod(): void {
    const hasBody = this.hasData && !this.isQueryOnly;
    const method = this.method || (hasBody ? 'POST' : 'GET');
    if (METHODS.includes(method)) this.request.method = method as Method;
    else {
      this.notes.add('method', method);
      this.request.method = hasBody ? 'POST' : 'GET';
    }
  }

  private readonly unknown = new Set<string>();

  /** Texts of the command as templates: variables become references where one has that name. */
  private templates(request: FullRequest): FullRequest {
    const rows = (list: Row[]) =>
      list.map((row) => ({ ...row, key: escapeTemplate(this.plain(row.key)), value: this.template(row.value) }));
    return {
      ...request,
      endpoint: this.template(request.endpoint),
      query: rows(request.query),
      headers: rows(request.headers),
    };
  }

  private template(text: string): string {
    const escaped = readTemplate(text)
      .map((part) => {
        const written = text.slice(part.from, part.to);
        if (part.kind === 'reference' && this.isKnown(part.group, part.name)) return written;
        return part.kind === 'literal' ? written : escapeTemplate(written);
      })
      .join('');
    return escaped.replace(VARIABLE, (_, name: string) => {
      const reference = this.reference(name);
      if (reference !== undefined) return reference;
      const assigned = this.assigned.get(name);
      if (assigned !== undefined && assigned.search(VARIABLE) < 0) return escapeTemplate(assigned);
      this.unknown.add(name);
      return `$${name}`;
    });
  }

  /** What a shell variable stands for, by its name. */
  private reference(name: string): string | undefined {
    const lower = name.toLowerCase();
    const [, group = '', bare = ''] = /^(auth|input)_(.+)$/.exec(lower) ?? [];
    if (this.isKnown('auth', lower)) return `{{auth.${lower}}}`;
    if (this.isKnown('inputs', lower)) return `{{inputs.${lower}}}`;
    if (group === 'auth' && this.isKnown('auth', bare)) return `{{auth.${bare}}}`;
    if (group === 'input' && this.isKnown('inputs', bare)) return `{{inputs.${bare}}}`;
    return undefined;
  }

  private isKnown(group: ReferenceGroup, name: string): boolean {
    return (group === 'inputs' || group === 'auth') && this.names[group].includes(name);
  }

  /** A name, in which no variable can stand for anything. */
  private plain(text: string): string {
    return text.replace(VARIABLE, '$$$1');
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function plainPiece(text: string): Data['pieces'][number] {
  return { text, asPairs: () => splitQuery(`x?${text}`)?.rows ?? [{ ...emptyRow(), key: text, value: '' }] };
}

function pairPiece(key: string, value: string): Data['pieces'][number] {
  return { text: `${key}=${encodeURIComponent(value)}`, asPairs: () => [{ ...emptyRow(), key: decode(key), value }] };
}
