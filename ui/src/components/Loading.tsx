// Grey bars where content will be, and a word for people who cannot see them.
import { Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function Loading({ rows = 4, height = 44 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  );
}
