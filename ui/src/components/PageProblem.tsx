// What a page shows instead of itself when its data could not be had: a name, why, and another try or the way back.
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../api/problem';
import { ErrorPanel } from './ErrorPanel';
import { PageHeader } from './PageHeader';

interface Props {
  error: unknown;
  onRetry: () => void;
  /** What is said when there is no such thing (any more), and where the others are. */
  gone?: { title: string; text: string; back: { label: string; to: string } };
}

export function PageProblem({ error, onRetry, gone }: Props) {
  const { t } = useTranslation();
  if (gone && asProblem(error).status === 404) {
    const { title, text, back } = gone;
    return (
      <>
        <PageHeader title={title} description={text} parents={[back]} />
        <Button component={Link} to={back.to} variant="default">
          {back.label}
        </Button>
      </>
    );
  }
  return (
    <>
      <PageHeader title={t('notShown')} />
      <ErrorPanel error={error} onRetry={onRetry} />
    </>
  );
}
