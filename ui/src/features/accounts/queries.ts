// What the pages before the sign-in ask.
import { queryOptions } from '@tanstack/react-query';

import { api, data } from '../../api/client';

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => data(api.GET('/api/v1/setup')),
});
