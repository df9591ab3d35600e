// Makes the first owner with the one-time link that the server printed when it started.
import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '../../api/client';
import { asProblem, type ApiProblem } from '../../api/problem';
import { Form } from '../../components/Form';
import { Loading } from '../../components/Loading';
import { EntryCard } from './EntryCard';
import { setupQuery } from './queries';
import { tokenIn } from './setupToken';

const LEAST_PASSWORD = 12;

export function SetupPage() {
  const { t } = useTranslation('accounts');
  const setup = useQuery(setupQuery);
  const [token, setToken] = useState(() => tokenIn(window.location.hash));

  useEffect(() => {
    // The link works once; it does not belong in the history of the browser.
    if (window.location.hash) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);

  if (setup.isPending)
    return (
      <EntryCard title={t('setup.title')} text={t('setup.text')}>
        <Loading rows={3} />
      </EntryCard>
    );
  if (setup.data && !setup.data.is_needed) {
    return (
      <EntryCard title={t('setup.done')} text={t('setup.doneText')}>
        <Button component={Link} to="/login" fullWidth size="md">
          {t('login.submit')}
        </Button>
      </EntryCard>
    );
  }
  if (!token) return <LinkForm onToken={setToken} />;
  return <OwnerForm token={token} onLinkRefused={() => setToken('')} />;
}

function LinkForm({ onToken }: { onToken: (token: string) => void }) {
  const { t } = useTranslation('accounts');
  const [link, setLink] = useState('');
  return (
    <EntryCard title={t('setup.title')} text={t('setup.needsLink')}>
      <Form onSubmit={() => onToken(tokenIn(link))}>
        <Stack>
          <TextInput
            label={t('setup.link')}
            description={t('setup.linkHint')}
            placeholder="http://…/setup#…"
            value={link}
            onChange={(event) => setLink(event.currentTarget.value)}
            autoComplete="off"
            autoFocus
          />
          <Button type="submit" fullWidth size="md" disabled={!tokenIn(link)}>
            {t('common:next')}
          </Button>
        </Stack>
      </Form>
    </EntryCard>
  );
}

function OwnerForm({ token, onLinkRefused }: { token: string; onLinkRefused: () => void }) {
  const { t } = useTranslation('accounts');
  const navigate = useNavigate();
  const client = useQueryClient();
  const [owner, setOwner] = useState({ name: '', email: '', password: '' });
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const wrong = problem?.byPath ?? {};
  const isPlaced = Object.keys(wrong).some((path) => path in owner);
  const set = (field: keyof typeof owner) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setOwner((now) => ({ ...now, [field]: value }));
  };

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      await data(api.POST('/api/v1/setup', { body: { token, ...owner } }));
      client.clear();
      await navigate({ to: '/' });
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  }

  return (
    <EntryCard title={t('setup.title')} text={t('setup.text')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <TextInput
            label={t('yourName')}
            name="name"
            autoComplete="name"
            value={owner.name}
            onChange={set('name')}
            error={wrong.name}
            autoFocus
          />
          <TextInput
            label={t('email')}
            type="email"
            name="email"
            autoComplete="username"
            value={owner.email}
            onChange={set('email')}
            error={wrong.email}
            required
            withAsterisk={false}
          />
          <PasswordInput
            label={t('password')}
            description={t('passwordRule', { count: LEAST_PASSWORD })}
            name="password"
            autoComplete="new-password"
            value={owner.password}
            onChange={set('password')}
            error={wrong.password}
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
          />
          {problem && !isPlaced ? (
            <Alert color="red">
              {problem.text}{' '}
              {problem.code === 'setup_closed' ? (
                <Anchor component="button" type="button" onClick={onLinkRefused}>
                  {t('setup.otherLink')}
                </Anchor>
              ) : null}
            </Alert>
          ) : null}
          <Button type="submit" loading={isBusy} fullWidth size="md">
            {t('setup.submit')}
          </Button>
        </Stack>
      </form>
    </EntryCard>
  );
}
