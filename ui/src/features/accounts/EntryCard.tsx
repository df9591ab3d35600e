// The quiet frame of the pages before the sign-in: the name, one form, and the language.
import { Box, Center, Paper, SegmentedControl, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useTitle } from '../../components/useTitle';
import { chooseLanguage, LANGUAGES, type Language } from '../../i18n';
import { Wordmark } from '../../layout/Wordmark';

export function EntryCard({ title, text, children }: { title: string; text: ReactNode; children: ReactNode }) {
  const { t, i18n } = useTranslation('accounts');
  useTitle(title);
  return (
    <Box component="main" mih="100dvh" p="md" style={{ display: 'grid', gridTemplateRows: '1fr auto' }}>
      <Center>
        <Stack w="100%" maw={420} gap="lg">
          <Center>
            <Wordmark />
          </Center>
          <Paper p={{ base: 'lg', xs: 'xl' }} radius="lg" shadow="sm">
            <Stack gap="md">
              <div>
                <Title order={1} mb={4}>
                  {title}
                </Title>
                <Text c="dimmed" size="sm" component="div">
                  {text}
                </Text>
              </div>
              {children}
            </Stack>
          </Paper>
        </Stack>
      </Center>
      <Center py="md">
        <VisuallyHidden id="entry-language">{t('common:account.language')}</VisuallyHidden>
        <SegmentedControl
          aria-labelledby="entry-language"
          size="xs"
          value={i18n.resolvedLanguage ?? 'en'}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={(language) => void chooseLanguage(language as Language)}
        />
      </Center>
    </Box>
  );
}
