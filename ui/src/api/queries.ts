// The cache of what the server said: fresh on every visit, kept while it is asked for again.
import { QueryClient } from '@tanstack/react-query';

import { ApiProblem } from './problem';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 502),
    },
    mutations: { retry: false },
  },
});
