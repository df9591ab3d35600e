// What a request that is still being written would be: the exact bytes, and what hostile values do to them.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';

import { api, data } from '../../api/client';
import type { DraftPreview, HostilePreview, Input } from '../../api/schema';
import type { FullRequest } from './request';

const WAIT_MS = 200;
/** The same question has the same answer; an error is one too. */
const ASKED_ONCE = { staleTime: Infinity, gcTime: 30_000, retry: false };

export type Values = Record<string, unknown>;

interface Draft {
  inputs: Input[];
  request: FullRequest;
  values: Values;
}

function previewQuery(integrationId: string, draft: Draft) {
  return queryOptions({
    queryKey: ['requests', 'preview', integrationId, JSON.stringify(draft)],
    queryFn: ({ signal }): Promise<DraftPreview> =>
      data(
        api.POST('/api/v1/integrations/{integration_id}/preview', {
          params: { path: { integration_id: integrationId } },
          body: draft,
          signal,
        }),
      ),
    ...ASKED_ONCE,
  });
}

export function hostileQuery(integrationId: string, draft: Omit<Draft, 'values'>) {
  return queryOptions({
    queryKey: ['requests', 'hostile', integrationId, JSON.stringify(draft)],
    queryFn: ({ signal }): Promise<HostilePreview> =>
      data(
        api.POST('/api/v1/integrations/{integration_id}/preview/hostile', {
          params: { path: { integration_id: integrationId } },
          body: draft,
          signal,
        }),
      ),
    ...ASKED_ONCE,
  });
}

export interface LivePreview {
  /** The newest request that could be made, which may be older than what is on the screen. */
  text: string | null;
  /** What was asked about: the request of a moment ago while somebody types. */
  request: FullRequest;
  /** Whether `text` is what is on the screen. */
  isCurrent: boolean;
  /** Of the newest answer; they may be older than what is on the screen too. */
  problems: DraftPreview['errors'];
  /** The server could not be asked, or refused to read the request at all. */
  failure: Error | null;
  isBusy: boolean;
  retry: () => void;
}

const NO_PROBLEMS: DraftPreview['errors'] = [];

/** Asks a moment after the last change; an answer that is overtaken is cancelled. */
export function useLivePreview(
  integrationId: string,
  inputs: Input[],
  request: FullRequest,
  values: Values,
): LivePreview {
  const draft = useMemo(() => ({ inputs, request, values }), [inputs, request, values]);
  const [settled] = useDebouncedValue(draft, WAIT_MS);
  const isSettled = settled === draft;
  const query = useQuery({ ...previewQuery(integrationId, settled), placeholderData: (before) => before });
  const [last, setLast] = useState<string | null>(null);
  const made = query.data?.request ?? null;
  if (made !== null && made !== last) setLast(made);
  const text = made ?? last;
  const isCurrent = isSettled && !query.isPlaceholderData && !query.isFetching && made !== null;
  const problems = query.data?.errors ?? NO_PROBLEMS;
  const isBusy = query.isFetching || !isSettled;
  const { error: failure, refetch } = query;
  return useMemo(
    () => ({ text, request: settled.request, isCurrent, problems, failure, isBusy, retry: () => void refetch() }),
    [text, settled.request, isCurrent, problems, failure, isBusy, refetch],
  );
}

/** One preview of given values, for comparison. */
export function useOnePreview(integrationId: string, draft: Draft, isWanted: boolean) {
  return useQuery({ ...previewQuery(integrationId, draft), enabled: isWanted });
}
