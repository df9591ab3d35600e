// What the API says when it refuses or fails: one class, with the fields that need to be corrected.
import { i18n } from '../i18n';

export interface FieldProblem {
  path: string;
  code: string;
  message: string;
  params?: Record<string, string>;
}

interface Body {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors?: FieldProblem[];
  used_by?: Record<string, string>[];
  params?: Record<string, string>;
  request_id?: string;
}

export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: FieldProblem[] = [],
    readonly usedBy: Record<string, string>[] = [],
    readonly requestId = '',
    readonly params: Record<string, string> = {},
  ) {
    super(message);
    this.name = 'ApiProblem';
  }

  /** The sentence in the reader's language. */
  get text(): string {
    return sentence(this.code, this.message, this.params);
  }

  /** The sentences by path, for a form: `{ "auth.fields[0].identifier": "…" }`. */
  get byPath(): Record<string, string> {
    return Object.fromEntries(
      this.fields.map((field) => [field.path, sentence(field.code, field.message, field.params)]),
    );
  }
}

/** The server's sentence in the reader's language: translated by its code where a translation has all it names. */
export function sentence(code: string, fallback: string, params: Record<string, string> = {}): string {
  const key = `errors:${code}`;
  if (i18n.resolvedLanguage === 'en' || !i18n.exists(key)) return fallback;
  const text = i18n.t(key, { ...params, defaultValue: fallback, interpolation: { escapeValue: false } });
  return text.includes('{{') ? fallback : text;
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => null)) as Body | null;
  if (!body?.code)
    return new ApiProblem(response.status, 'no_answer', i18n.t('common:noAnswer', { status: response.status }));
  return new ApiProblem(
    response.status,
    body.code,
    body.detail,
    body.errors,
    body.used_by,
    body.request_id,
    body.params,
  );
}

/** The server could not be reached at all. */
export function offline(): ApiProblem {
  return new ApiProblem(0, 'offline', i18n.t('common:offline'));
}

export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, 'unexpected', error instanceof Error ? error.message : String(error));
}
