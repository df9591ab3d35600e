// The fourth step: the keys themselves. They are entered, tested, renamed, replaced and removed here, and never shown.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight, KeyRound, Plus, Zap } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { AuthField, Credential } from '../../api/schema';
import { useMay } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { MoreButton } from '../../components/MoreButton';
import { SectionHead } from '../../components/SectionHead';
import { integrationQuery } from '../integrations/queries';
import { stepPath } from '../integrations/steps';
import { CredentialDialog } from './CredentialDialog';
import { CredentialList } from './CredentialList';
import { credentialsQuery, useRemove } from './queries';
import { RenameDialog } from './RenameDialog';
import { useDialogStage } from './useDialogStage';
import { useTests } from './useTests';

const NO_FIELDS: AuthField[] = [];
const VERDICTS = ['accepted', 'rejected', 'reached', 'failed'] as const;
const route = getRouteApi('/signed-in/integrations/$integrationId/credentials');

export function CredentialsStep() {
  const { integrationId } = route.useParams();
  const { t } = useTranslation('credentials');
  const { data: integration } = useSuspenseQuery(integrationQuery(integrationId));
  const list = useInfiniteQuery(credentialsQuery(integrationId));
  const mayEnter = useMay('credentials:write');
  const mayTest = useMay('credentials:test');
  const { testing, test, testAll } = useTests(integrationId);
  const removing = useRemove(integrationId);
  const dialog = useDialogStage();
  const [subject, setSubject] = useState<Credential | null>(null);
  const [asked, setAsked] = useState<'rename' | 'remove' | null>(null);
  const [isTestingAll, setTestingAll] = useState(false);
  const [said, setSaid] = useState('');
  const [error, setError] = useState<unknown>(null);
  const credentials = list.data?.pages.flatMap((page) => page.items) ?? [];
  const fields = integration.auth.fields ?? NO_FIELDS;
  const isTestable = integration.test_request !== null;
  const isEmpty = list.isSuccess && credentials.length === 0;

  async function testOne(credential: Credential) {
    setError(null);
    try {
      const execution = await test(credential);
      dialog.show({ stage: 'result', credential, execution });
    } catch (problem) {
      setError(problem);
    }
  }

  function ask(what: 'rename' | 'remove', credential: Credential) {
    setSubject(credential);
    setAsked(what);
  }

  async function testEach() {
    setTestingAll(true);
    setSaid('');
    let shown = list.data;
    for (let more = list.hasNextPage; more;) {
      // oxlint-disable-next-line no-await-in-loop -- each page says where the next one begins
      const next = await list.fetchNextPage();
      shown = next.data;
      more = next.hasNextPage && !next.isError;
    }
    const verdicts = await testAll(shown?.pages.flatMap((page) => page.items) ?? []);
    const parts = VERDICTS.filter((verdict) => verdicts[verdict]).map((verdict) =>
      t(`all.${verdict}`, { count: verdicts[verdict] }),
    );
    setSaid(t('all.done', { results: parts.join(', ') }));
    setTestingAll(false);
  }

  const addButton =
    mayEnter && fields.length > 0 ? (
      <Button
        variant={isEmpty ? 'filled' : 'default'}
        leftSection={<Plus size={16} aria-hidden />}
        onClick={() => dialog.show({ stage: 'new' })}
      >
        {t('list.add')}
      </Button>
    ) : null;

  return (
    <Stack gap="lg">
      <SectionHead title={t('list.title')} text={t('list.text')}>
        {isEmpty ? null : (
          <Group gap="sm">
            {mayTest && isTestable && credentials.length > 1 ? (
              <Button
                variant="default"
                leftSection={<Zap size={16} aria-hidden />}
                loading={isTestingAll}
                onClick={() => void testEach()}
              >
                {t('list.testAll')}
              </Button>
            ) : null}
            {addButton}
          </Group>
        )}
      </SectionHead>
      {mayEnter ? null : <Alert color="gray">{t(mayTest ? 'list.mayOnlyTest' : 'list.mayOnlyRead')}</Alert>}
      {isTestable || fields.length === 0 ? null : (
        <Alert color="yellow" title={t('list.noTestRequest')}>
          <Group justify="space-between" gap="sm">
            <Text size="sm">{t('list.noTestRequestText')}</Text>
            <Button component={Link} to={stepPath('test-request', integrationId)} variant="default" size="xs">
              {t('list.toTestRequest')}
            </Button>
          </Group>
        </Alert>
      )}
      <Text role="status" size="sm" fw={said ? 600 : undefined} className={said ? undefined : 'sr-only'}>
        {said}
      </Text>
      {error ? <ErrorPanel error={error} /> : null}
      {list.isPending ? <Loading rows={2} height={72} /> : null}
      {list.isError && !list.data ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {isEmpty ? (
        <EmptyState
          icon={<KeyRound size={32} strokeWidth={1.5} aria-hidden />}
          title={t(fields.length > 0 ? 'empty.title' : 'empty.noFields')}
          text={t(fields.length === 0 ? 'empty.noFieldsText' : mayEnter ? 'empty.text' : 'empty.readOnly')}
          order={3}
        >
          <Group mt="sm">
            {fields.length > 0 ? (
              addButton
            ) : (
              <Button component={Link} to={stepPath('authentication', integrationId)} variant="default">
                {t('empty.toAuthentication')}
              </Button>
            )}
          </Group>
        </EmptyState>
      ) : null}
      {credentials.length > 0 ? (
        <CredentialList
          credentials={credentials}
          fields={fields}
          testing={testing}
          isTestable={isTestable}
          onTest={(credential) => void testOne(credential)}
          onRename={(credential) => ask('rename', credential)}
          onReplace={(credential) => dialog.show({ stage: 'replace', credential })}
          onRemove={(credential) => ask('remove', credential)}
        />
      ) : null}
      <MoreButton query={list} />
      <Group justify="space-between" gap="sm">
        <Button
          component={Link}
          to={stepPath('test-request', integrationId)}
          variant="subtle"
          color="gray"
          leftSection={<ArrowLeft size={16} aria-hidden />}
        >
          {t('common:back')}
        </Button>
        <Button
          component={Link}
          to={stepPath('actions', integrationId)}
          variant={isEmpty ? 'default' : 'filled'}
          rightSection={<ArrowRight size={16} aria-hidden />}
        >
          {t('list.toActions')}
        </Button>
      </Group>
      <CredentialDialog integration={integration} dialog={dialog} />
      <RenameDialog
        credential={subject}
        integrationId={integrationId}
        isOpen={asked === 'rename'}
        onClose={() => setAsked(null)}
      />
      <ConfirmDialog
        isOpen={asked === 'remove'}
        onClose={() => setAsked(null)}
        title={t('title.remove', { name: subject?.name ?? '' })}
        text={t(subject && subject.used_by.length > 0 ? 'remove.textUsed' : 'remove.text')}
        losses={subject?.used_by.map(({ name }) => name)}
        confirmLabel={t('common:remove')}
        onConfirm={async () => {
          if (subject) await removing.mutateAsync(subject.id);
        }}
      />
    </Stack>
  );
}
