// Signs a person in with e-mail and password.
import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import { asProblem, type ApiProblem } from '../../api/problem';
import { EntryCard } from './EntryCard';
import { setupQuery } from './queries';

export function LoginPage() {
  const { t } = useTranslation('accounts');
  const { next } = useSearch({ from: '/login' });
  const navigate = useNavigate();
  const router = useRouter();
  const client = useQueryClient();
  const setup = useQuery(setupQuery);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      await data(api.POST('/api/v1/sessions', { body: { email, password } }));
      client.clear();
      if (next) router.history.push(next);
      else await navigate({ to: '/' });
    } catch (error) {
      setProblem(asProblem(error));
      setPassword('');
      setBusy(false);
    }
  }

  return (
    <EntryCard title={t('login.title')} text={t('login.text')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          {setup.data?.is_needed ? (
            <Alert color="jade">
              {t('login.noOwner')}{' '}
              <Anchor component={Link} to="/setup" fw={600}>
                {t('login.toSetup')}
              </Anchor>
            </Alert>
          ) : null}
          <TextInput
            label={t('email')}
            type="email"
            name="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            required
            withAsterisk={false}
            autoFocus
          />
          <PasswordInput
            label={t('password')}
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
          />
          {problem ? <Alert color="red">{problem.text}</Alert> : null}
          <Button type="submit" loading={isBusy} fullWidth size="md">
            {t('login.submit')}
          </Button>
        </Stack>
      </form>
    </EntryCard>
  );
}
