// What a page shows instead of itself when its data could not be had: a name, why, and another try.
import { useTranslation } from 'react-i18next';

import { ErrorPanel } from './ErrorPanel';
import { PageHeader } from './PageHeader';

interface Props {
  error: unknown;
  onRetry: () => void;
}

export function PageProblem({ error, onRetry }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('notShown')} />
      <ErrorPanel error={error} onRetry={onRetry} />
    </>
  );
}
