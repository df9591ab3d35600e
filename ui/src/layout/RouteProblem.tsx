// What a page shows instead of itself when its data could not be had, or when it does not exist.
import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../api/problem';
import { ForbiddenState } from '../components/ForbiddenState';
import { PageProblem } from '../components/PageProblem';
import { useTitle } from '../components/useTitle';

export function RouteProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const failed = useQueryErrorResetBoundary();
  const problem = asProblem(error);
  if (problem.status === 404) return <NotFoundPage />;
  if (problem.status === 403) return <ForbiddenState />;
  return (
    <PageProblem
      error={problem}
      onRetry={() => {
        failed.reset(); // without this what failed would not be asked again
        reset();
        void router.invalidate();
      }}
    />
  );
}

export function NotFoundPage() {
  const { t } = useTranslation();
  useTitle(t('notFound.title'));
  return (
    <Center mih="50vh">
      <Stack align="center" gap="sm" maw={420} px="md" ta="center" style={{ textWrap: 'balance' }}>
        <Title order={1}>{t('notFound.title')}</Title>
        <Text c="dimmed">{t('notFound.text')}</Text>
        <Button component={Link} to="/" mt="sm">
          {t('notFound.home')}
        </Button>
      </Stack>
    </Center>
  );
}
