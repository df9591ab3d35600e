// One flow: its builder, loaded when a flow is first opened.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';

import { asProblem } from '../../api/problem';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { NotFoundPage } from '../../layout/RouteProblem';
import { flowQuery } from './queries';

const FlowBuilder = lazy(async () => ({ default: (await import('./FlowBuilder')).FlowBuilder }));
const route = getRouteApi('/signed-in/flows/$flowId');

export function FlowPage() {
  const { flowId } = route.useParams();
  const query = useQuery(flowQuery(flowId));
  if (query.isPending) return <Loading rows={6} />;
  if (!query.data) {
    return asProblem(query.error).status === 404 ? (
      <NotFoundPage />
    ) : (
      <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  return (
    <Suspense fallback={<Loading rows={6} />}>
      <FlowBuilder key={flowId} flow={query.data} />
    </Suspense>
  );
}
