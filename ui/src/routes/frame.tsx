// The frame around every page, and the pages that need nothing but the first texts.
import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';

import { queries } from '../api/queries';
import { sessionQuery } from '../api/session';
import { chosenLanguage, showLanguage, wantAllTexts } from '../i18n';
import { NotFoundPage, RouteProblem } from '../layout/RouteProblem';
import { Shell } from '../layout/Shell';

/** Loads a page together with the texts that the first ones do without. */
export function withAllTexts<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return async () => {
    const [module] = await Promise.all([load(), wantAllTexts()]);
    return module;
  };
}

export const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: RouteProblem,
});

export const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('../features/accounts/SetupPage'), 'SetupPage'),
});

export const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' && search.next.startsWith('/') && !search.next.startsWith('//')
      ? { next: search.next }
      : {},
  component: lazyRouteComponent(() => import('../features/accounts/LoginPage'), 'LoginPage'),
});

/** Everything behind the sign-in. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } });
    const language = session.user?.language;
    if (!chosenLanguage() && (language === 'en' || language === 'es' || language === 'pt'))
      await showLanguage(language);
  },
});

export const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('../features/home/HomePage'), 'HomePage'),
});
