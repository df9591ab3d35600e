// One window from typing values to what the API says of them: form, test, result.
import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Credential, Integration } from '../../api/schema';
import { useMay } from '../../api/session';
import { Dialog } from '../../components/Dialog';
import { ErrorPanel } from '../../components/ErrorPanel';
import { CredentialForm } from './CredentialForm';
import { testCredential, useRefresh } from './queries';
import { TestResult } from './TestResult';
import type { DialogStage } from './useDialogStage';

interface Props {
  integration: Integration;
  dialog: DialogStage;
}

export function CredentialDialog({ integration, dialog }: Props) {
  const { t } = useTranslation('credentials');
  const refresh = useRefresh(integration.id);
  const mayEnter = useMay('credentials:write');
  const mayTest = useMay('credentials:test');
  const isNarrow = useMediaQuery('(max-width: 36em)', false, { getInitialValueInEffect: false });
  const [isBusy, setBusy] = useState(false);
  const { stage, isOpen, move, close, forget } = dialog;

  async function test(credential: Credential, isNew: boolean) {
    setBusy(true);
    try {
      move({ stage: 'result', credential, execution: await testCredential(credential.id), isNew });
    } catch (error) {
      move({ stage: 'untested', credential, error });
    }
    setBusy(false);
    await refresh();
  }

  function onSaved(credential: Credential) {
    if (!integration.test_request || !mayTest) {
      move({ stage: 'untested', credential, error: null });
      return;
    }
    move({ stage: 'testing', credential });
    void test(credential, true);
  }

  const isForm = stage?.stage === 'new' || stage?.stage === 'replace';
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => {
        if (!isBusy || stage?.stage === 'result') close();
      }}
      onExitTransitionEnd={forget}
      title={stage ? t(`title.${stage.stage}`, { name: 'credential' in stage ? stage.credential.name : '' }) : ''}
      size={stage?.stage === 'result' ? 'xl' : 'lg'}
      fullScreen={isNarrow}
      closeOnClickOutside={!isForm}
    >
      {stage?.stage === 'new' || stage?.stage === 'replace' ? (
        <CredentialForm
          key={stage.stage}
          integration={integration}
          credential={stage.stage === 'replace' ? stage.credential : null}
          isOpenAtOnce={stage.stage === 'replace' && stage.isWrong}
          onBusy={setBusy}
          onCancel={close}
          onSaved={onSaved}
        />
      ) : null}
      {stage?.stage === 'testing' ? <Testing name={stage.credential.name} /> : null}
      {stage?.stage === 'untested' ? (
        <Stack gap="md">
          <Text role="status">{t(integration.test_request ? 'result.notTested' : 'result.noTestRequest')}</Text>
          {stage.error ? <ErrorPanel error={stage.error} /> : null}
          <Group justify="flex-end">
            <CloseButton onClose={close} />
          </Group>
        </Stack>
      ) : null}
      {stage?.stage === 'result' ? (
        <TestResult
          key={stage.execution.id}
          execution={stage.execution}
          isNew={stage.isNew ?? false}
          mayEnter={mayEnter}
          isBusy={isBusy}
          onEdit={() => move({ stage: 'replace', credential: stage.credential, isWrong: true })}
          onRepeat={() => void test(stage.credential, stage.isNew ?? false)}
          onClose={close}
        />
      ) : null}
    </Dialog>
  );
}

function Testing({ name }: { name: string }) {
  const { t } = useTranslation('credentials');
  return (
    <Stack align="center" gap="md" py="xl" role="status">
      <Loader />
      <Text>{t('result.testing', { name })}</Text>
    </Stack>
  );
}

/** Gets the focus, which the window would lose with what was in it before. */
function CloseButton({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    button.current?.focus();
  }, []);
  return (
    <Button ref={button} onClick={onClose}>
      {t('close')}
    </Button>
  );
}
