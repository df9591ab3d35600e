// What people change about themselves: name, language, colours and password.
import {
  Button,
  Group,
  Paper,
  PasswordInput,
  SegmentedControl,
  Select,
  Stack,
  TextInput,
  Title,
  useMantineColorScheme,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import { asProblem } from '../../api/problem';
import { sessionQuery, speak, useSession } from '../../api/session';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Form } from '../../components/Form';
import { PageHeader } from '../../components/PageHeader';
import { useSaving } from '../../components/useSaving';
import { LANGUAGES, type Language } from '../../i18n';

export function ProfilePage() {
  const { t } = useTranslation('settings');
  const { user } = useSession();
  return (
    <>
      <PageHeader
        title={t('pages.profile')}
        description={user ? t('profile.signedInAs', { email: user.email }) : undefined}
      />
      <Stack gap="lg" maw={560}>
        <NameForm />
        <Looks />
        {user ? <PasswordForm email={user.email} /> : null}
      </Stack>
    </>
  );
}

function NameForm() {
  const { t } = useTranslation('settings');
  const { user } = useSession();
  const client = useQueryClient();
  const [name, setName] = useState(user?.name ?? '');
  const { save, isBusy, wrong, problem } = useSaving(['name'], async () => {
    await data(api.PATCH('/api/v1/session', { body: { name } }));
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    notifications.show({ message: t('common:saved') });
  });

  return (
    <Paper p="lg">
      <Form onSubmit={save}>
        <Title order={2} mb="md">
          {t('profile.who')}
        </Title>
        <Stack>
          <TextInput
            label={t('profile.name')}
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={wrong.name ?? (problem ? asProblem(problem).text : null)}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={isBusy} disabled={name.trim() === (user?.name ?? '')}>
              {t('common:save')}
            </Button>
          </Group>
        </Stack>
      </Form>
    </Paper>
  );
}

function Looks() {
  const { t, i18n } = useTranslation('settings');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Paper p="lg">
      <Title order={2} mb="md">
        {t('profile.looks')}
      </Title>
      <Stack>
        <Select
          label={t('common:account.language')}
          maw={280}
          value={i18n.resolvedLanguage ?? 'en'}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={(language) => void speak(language as Language)}
        />
        <div>
          <Title order={3} size="sm" fw={500} mb={6} id="colours">
            {t('common:account.colours')}
          </Title>
          <SegmentedControl
            aria-labelledby="colours"
            value={colorScheme}
            onChange={(scheme) => setColorScheme(scheme as 'light' | 'dark' | 'auto')}
            data={['light', 'dark', 'auto'].map((value) => ({ value, label: t(`common:account.schemes.${value}`) }))}
          />
        </div>
      </Stack>
    </Paper>
  );
}

function PasswordForm({ email }: { email: string }) {
  const { t } = useTranslation('settings');
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const { save, isBusy, wrong, problem } = useSaving(['new_password', 'current_password'], async () => {
    await data(api.PUT('/api/v1/session/password', { body: { current_password: current, new_password: next } }));
    setCurrent('');
    setNext('');
    notifications.show({ message: t('profile.passwordChanged') });
  });

  const eye = { 'aria-label': t('accounts:showPassword') };
  return (
    <Paper p="lg">
      <Form onSubmit={save}>
        <Title order={2} mb="md">
          {t('profile.password')}
        </Title>
        <Stack>
          <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
          <PasswordInput
            label={t('profile.current')}
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            error={wrong.current_password}
            visibilityToggleButtonProps={eye}
          />
          <PasswordInput
            label={t('profile.next')}
            description={t('accounts:passwordRule', { count: 12 })}
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            error={wrong.new_password}
            visibilityToggleButtonProps={eye}
          />
          {problem ? <ErrorPanel error={problem} /> : null}
          <Group justify="flex-end">
            <Button type="submit" loading={isBusy} disabled={!current || !next}>
              {t('profile.changePassword')}
            </Button>
          </Group>
        </Stack>
      </Form>
    </Paper>
  );
}
