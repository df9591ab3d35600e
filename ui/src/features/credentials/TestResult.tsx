// What a credential's test found, in one sentence, with the API's answer below.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import type { Execution } from '../../api/schema';
import { ResponseView } from '../requests/ResponseView';

interface Props {
  execution: Execution;
  /** The values were entered just now. */
  isNew: boolean;
  mayEnter: boolean;
  isBusy: boolean;
  onEdit: () => void;
  onRepeat: () => void;
  onClose: () => void;
}

const LOOKS = {
  accepted: { color: 'jade', icon: CircleCheck },
  reached: { color: 'yellow', icon: CircleHelp },
  rejected: { color: 'red', icon: CircleX },
  failed: { color: 'red', icon: CircleX },
};

export function TestResult({ execution, isNew, mayEnter, isBusy, onEdit, onRepeat, onClose }: Props) {
  const { t } = useTranslation('credentials');
  const verdict = execution.verdict ?? 'failed';
  const look = LOOKS[verdict];
  const Icon = look.icon;
  const isAccepted = verdict === 'accepted';
  // The window would lose the focus with what was in it before.
  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    result.current?.focus();
  }, []);
  return (
    <Stack gap="md">
      <Alert
        ref={result}
        tabIndex={-1}
        style={{ outline: 'none' }}
        color={look.color}
        icon={<Icon size={20} aria-hidden />}
        title={t(`common:verdicts.${verdict}`)}
        role="status"
      >
        <Text size="sm">{t(`verdict.${verdict}`, { status: execution.response?.status ?? '' })}</Text>
        {isNew && !isAccepted ? (
          <Text size="sm" mt={4}>
            {t('verdict.savedAnyway')}
          </Text>
        ) : null}
      </Alert>
      <ResponseView execution={execution} />
      <Group justify="flex-end" gap="sm">
        {mayEnter && !isAccepted ? (
          <Button variant="default" onClick={onEdit}>
            {t('result.edit')}
          </Button>
        ) : null}
        <Button variant="default" loading={isBusy} onClick={onRepeat}>
          {t('result.repeat')}
        </Button>
        <Button onClick={onClose}>{t('common:close')}</Button>
      </Group>
    </Stack>
  );
}
