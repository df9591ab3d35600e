// The flow that a conversation walks: its name, and the draft or the published version.
import { useQuery } from '@tanstack/react-query';

import type { Definition } from '../flows/definition';
import { flowQuery, versionQuery } from '../flows/queries';
import type { Version } from './types';

interface Walked {
  data?: { name: string; definition: Definition };
  isPending: boolean;
  isError: boolean;
  error: Error | null;
  refetch: () => void;
}

export function useWalked(flowId: string, version: Version): Walked {
  const flow = useQuery(flowQuery(flowId));
  const isDraft = version === 'draft';
  const published = useQuery({ ...versionQuery(flowId, isDraft ? 0 : version), enabled: !isDraft });
  const definition = isDraft ? flow.data?.draft : published.data?.definition;
  const failed = flow.isError ? flow : published;
  return {
    data: flow.data && definition ? { name: flow.data.name, definition } : undefined,
    isPending: flow.isPending || (!isDraft && published.isPending),
    isError: failed.isError,
    error: failed.error,
    refetch: () => {
      void flow.refetch();
      if (!isDraft) void published.refetch();
    },
  };
}
