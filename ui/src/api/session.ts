// Who is signed in, and what their role allows.
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';

import { chooseLanguage, type Language } from '../i18n';
import { api, data } from './client';
import { ApiProblem } from './problem';
import type { Session } from './schema';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: 60_000,
  queryFn: async (): Promise<Session | null> => {
    try {
      return await data(api.GET('/api/v1/session'));
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.status === 401) return null;
      throw problem;
    }
  },
});

/** The session of a page behind the sign-in; such pages are only shown with one. */
export function useSession(): Session {
  const { data: session } = useSuspenseQuery(sessionQuery);
  if (!session) throw new ApiProblem(401, 'login_required', '');
  return session;
}

/** Whether the signed-in role may do this, for example `credentials:write`. */
export function useMay(permission: string): boolean {
  return useSession().permissions.includes(permission);
}

/** Show everything in a language, here and wherever this person signs in next. */
export async function speak(language: Language): Promise<void> {
  await chooseLanguage(language);
  await data(api.PATCH('/api/v1/session', { body: { language } }));
}
