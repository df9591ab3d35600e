// Says how a value travels: sealed in this browser, with the key's fingerprint; or why that is not possible here.
import { Alert, Anchor, Button, Checkbox, Code, Collapse, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Lock, LockOpen, ShieldAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { SecretKey } from '../../api/schema';
import { WithCode } from '../../components/WithCode';
import { grouped } from './keyPin';

interface Props {
  secretKey: SecretKey | undefined;
  /** The page may use the browser's cryptography. */
  canSeal: boolean;
  /** The server takes sealed values only. */
  isSealingRequired: boolean;
  hasAgreed: boolean;
  onAgree: (hasAgreed: boolean) => void;
  /** The fingerprint this browser knew, where it is another one now. */
  changedFrom: string | null;
  onAccept: () => void;
}

export function SealingNotice({
  secretKey,
  canSeal,
  isSealingRequired,
  hasAgreed,
  onAgree,
  changedFrom,
  onAccept,
}: Props) {
  const { t } = useTranslation('credentials');
  const [isOpen, { toggle }] = useDisclosure(false);
  if (!canSeal) {
    return (
      <Alert color="red" icon={<LockOpen size={20} aria-hidden />} title={t('sealing.cannot')}>
        <Stack gap="sm">
          <Text size="sm">{t(isSealingRequired ? 'sealing.cannotAndMust' : 'sealing.cannotText')}</Text>
          {isSealingRequired ? null : (
            <Checkbox
              label={t('sealing.agree')}
              checked={hasAgreed}
              onChange={(event) => onAgree(event.currentTarget.checked)}
            />
          )}
        </Stack>
      </Alert>
    );
  }
  if (changedFrom && secretKey) {
    return (
      <Alert color="yellow" icon={<ShieldAlert size={20} aria-hidden />} title={t('sealing.changed')} role="alert">
        <Stack gap="xs" align="flex-start">
          <Text size="sm">
            <WithCode text={t('sealing.changedText')} />
          </Text>
          <Text size="xs">
            {t('sealing.before')} <Code className="breaks">{grouped(changedFrom)}</Code>
          </Text>
          <Text size="xs">
            {t('sealing.now')} <Code className="breaks">{grouped(secretKey.fingerprint)}</Code>
          </Text>
          <Button size="xs" variant="default" onClick={onAccept}>
            {t('sealing.accept')}
          </Button>
        </Stack>
      </Alert>
    );
  }
  return (
    <Stack gap={4}>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <Lock size={15} aria-hidden style={{ flexShrink: 0, marginTop: 3 }} />
        <Text size="xs" c="dimmed">
          {t('sealing.text')}{' '}
          {secretKey ? (
            <Anchor component="button" type="button" size="xs" onClick={toggle} aria-expanded={isOpen}>
              {t('sealing.details')}
            </Anchor>
          ) : null}
        </Text>
      </Group>
      {secretKey ? (
        <Collapse expanded={isOpen}>
          <Stack gap={4} pl={23}>
            <Text size="xs">
              <WithCode text={t('sealing.compare')} />
            </Text>
            <Code className="breaks">{grouped(secretKey.fingerprint)}</Code>
          </Stack>
        </Collapse>
      ) : null}
    </Stack>
  );
}
