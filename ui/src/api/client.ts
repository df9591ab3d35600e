// Calls the HTTP API, typed by its OpenAPI description; every failure is thrown as a `Problem`.
import createClient, { type Middleware } from 'openapi-fetch';

import { basePath } from '../base';
import { parseKeepingDigits } from './exactJson';
import { ApiProblem, offline, problemOf } from './problem';
import type { paths } from './schema';

const failures: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return undefined;
    const problem = await problemOf(response);
    if (problem.status === 401 && !response.url.endsWith('/sessions')) {
      window.dispatchEvent(new CustomEvent('recado:signed-out'));
    }
    throw problem;
  },
  onError({ error }) {
    return error instanceof ApiProblem || (error instanceof DOMException && error.name === 'AbortError')
      ? undefined
      : offline();
  },
};

export const api = createClient<paths>({
  baseUrl: basePath || window.location.origin,
  credentials: 'same-origin',
  headers: { accept: 'application/json' },
});
api.use(failures);

/** The answer's data; the middleware has thrown already when there is none. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** The same of an answer asked for as text, so that the numbers in its JSON bodies keep their digits. */
export async function exactData<T>(answer: Promise<{ data?: string }>): Promise<T> {
  return parseKeepingDigits(await data(answer)) as T;
}
