// What somebody sees whose role does not allow this page.
import { Center, Stack, Text, Title } from '@mantine/core';
import { LockKeyhole } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useTitle } from './useTitle';

export function ForbiddenState() {
  const { t } = useTranslation();
  useTitle(t('forbidden.title'));
  return (
    <Center mih="50vh">
      <Stack align="center" gap="sm" maw={420} ta="center">
        <LockKeyhole size={36} strokeWidth={1.5} aria-hidden />
        <Title order={1}>{t('forbidden.title')}</Title>
        <Text c="dimmed">{t('forbidden.text')}</Text>
      </Stack>
    </Center>
  );
}
