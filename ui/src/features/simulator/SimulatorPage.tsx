// The simulator on a page of its own, for a draft or a published version of a flow.
import { Button } from '@mantine/core';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { PencilLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { ForbiddenState } from '../../components/ForbiddenState';
import { Loading } from '../../components/Loading';
import { PageHeader } from '../../components/PageHeader';
import { PageProblem } from '../../components/PageProblem';
import { Simulator } from './Simulator';
import classes from './simulator.module.css';
import { useWalked } from './useWalked';

export function SimulatorPage() {
  const { t } = useTranslation('simulator');
  const { flowId } = useParams({ from: '/signed-in/flows/$flowId/simulator' });
  const { version = 'draft' } = useSearch({ from: '/signed-in/flows/$flowId/simulator' });
  const mayTry = useMay('flows:write');
  const walked = useWalked(flowId, version);
  if (!mayTry) return <ForbiddenState />;
  if (!walked.data) {
    if (!walked.isError) return <Loading rows={6} />;
    return (
      <PageProblem
        error={walked.error}
        onRetry={walked.refetch}
        gone={{ title: t('gone'), text: t('goneText'), back: { label: t('toFlows'), to: '/flows' } }}
      />
    );
  }
  return (
    <>
      <PageHeader
        title={t('title')}
        parents={[{ label: walked.data.name, to: `/flows/${flowId}` }]}
        description={version === 'draft' ? t('ofDraft') : t('ofVersion', { version })}
      >
        <Button
          component={Link}
          to={`/flows/${flowId}`}
          variant="default"
          leftSection={<PencilLine size={16} aria-hidden />}
        >
          {t('edit')}
        </Button>
      </PageHeader>
      <div className={classes.page}>
        <Simulator flowId={flowId} version={version} key={`${flowId}-${version}`} />
      </div>
    </>
  );
}
