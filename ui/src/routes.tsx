// The tree of all pages, which stand in routes/ with their addresses; each is loaded when it is first visited.
import { createRouter } from '@tanstack/react-router';

import { queries } from './api/queries';
import { sessionQuery } from './api/session';
import { basePath } from './base';
import { Loading } from './components/Loading';
import { NotFoundPage, RouteProblem } from './layout/RouteProblem';
import { channelPages } from './routes/channels';
import { conversationPages } from './routes/conversations';
import { flowPages } from './routes/flows';
import { home, login, root, setup, signedIn } from './routes/frame';
import { integrationPages } from './routes/integrations';
import { settingsPages } from './routes/settings';

const tree = root.addChildren([
  setup,
  login,
  signedIn.addChildren([home, ...integrationPages, ...flowPages, ...conversationPages, ...channelPages, settingsPages]),
]);

export const router = createRouter({
  routeTree: tree,
  basepath: basePath || '/',
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: RouteProblem,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
  search: { strict: true },
});

window.addEventListener('recado:signed-out', () => {
  queries.setQueryData(sessionQuery.queryKey, null);
  if (!['/login', '/setup'].includes(router.state.location.pathname)) {
    void router.navigate({ to: '/login', search: { next: router.state.location.href } });
  }
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
