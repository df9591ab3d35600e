// The access token and the app secret: entered, replaced, and the earlier app secret forgotten. No value is ever shown.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import type { AuthField, Channel } from '../../api/schema';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Form } from '../../components/Form';
import { SealingNotice } from '../credentials/SealingNotice';
import { SecretInput } from '../credentials/SecretInput';
import { SetValue } from '../credentials/SetValue';
import { troubleOf, type Trouble } from '../credentials/values';
import { useSecrets } from './useSecrets';

const ENTERED = ['access_token', 'app_secret'] as const;
type Entered = (typeof ENTERED)[number];

interface Props {
  channel: Channel;
  isReadOnly: boolean;
  submitLabel: string;
  onSaved?: () => void;
}

export function SecretsForm({ channel, isReadOnly, submitLabel, onSaved }: Props) {
  const { t } = useTranslation('channels');
  const { sealing, enter, isBusy, error } = useSecrets(channel);
  const inputs = useRef(new Map<string, HTMLInputElement>());
  const [replaced, setReplaced] = useState<ReadonlySet<Entered>>(new Set());
  const [troubles, setTroubles] = useState<Partial<Record<Entered, Trouble | null>>>({});
  const byPath = error ? asProblem(error).byPath : {};
  const isSet = (name: Entered) => channel.secrets[name]?.is_set ?? false;
  const open = ENTERED.filter((name) => !isSet(name) || replaced.has(name));
  const isBeforeKept = channel.secrets.app_secret_before?.is_set ?? false;

  const fieldOf = (name: Entered): AuthField => ({
    id: name,
    identifier: name,
    name: t(`secrets.${name}`),
    type: 'password',
    required: true,
  });

  async function save() {
    const values = Object.fromEntries(open.map((name) => [name, inputs.current.get(name)?.value ?? '']));
    const found = Object.fromEntries(open.map((name) => [name, troubleOf(fieldOf(name), values[name] ?? '')]));
    setTroubles(found);
    if (Object.values(found).some((trouble) => trouble !== null)) return;
    if (open.length > 0 && !(await enter(values))) return;
    for (const input of inputs.current.values()) input.value = '';
    setReplaced(new Set());
    onSaved?.();
  }

  return (
    <Form autoComplete="off" onSubmit={() => (!isBusy && (open.length === 0 || sealing.isOpen) ? save() : undefined)}>
      <Stack gap="md" maw={640}>
        {ENTERED.map((name) => (
          <div key={name}>
            {isReadOnly ? (
              <Text size="sm">
                {t(`secrets.${name}`)}: {t(isSet(name) ? 'secrets.set' : 'secrets.notSet')}
              </Text>
            ) : isSet(name) && !replaced.has(name) ? (
              <SetValue
                field={fieldOf(name)}
                since={channel.secrets[name]?.updated_at ?? null}
                isCleared={false}
                onReplace={() => setReplaced(new Set([...replaced, name]))}
                onClear={() => undefined}
              />
            ) : (
              <SecretInput
                field={fieldOf(name)}
                integrationId={channel.id}
                inputs={inputs}
                trouble={troubles[name] ?? null}
                error={byPath[`secrets.${name}`]}
                isDisabled={!sealing.isOpen}
                isRequired
                onKeep={
                  isSet(name) ? () => setReplaced(new Set([...replaced].filter((other) => other !== name))) : undefined
                }
              />
            )}
            <Text size="xs" c="dimmed" mt={4}>
              {t(`secrets.${name}Hint`)}
            </Text>
          </div>
        ))}
        {isBeforeKept ? (
          <Alert role="note" color="blue" icon={<KeyRound size={18} aria-hidden />} title={t('secrets.two')}>
            <Stack gap="xs" align="flex-start">
              <Text size="sm">{t('secrets.twoText')}</Text>
              {isReadOnly ? null : (
                <Button
                  size="xs"
                  variant="default"
                  loading={isBusy}
                  onClick={() => void enter({ app_secret_before: null })}
                >
                  {t('secrets.forget')}
                </Button>
              )}
            </Stack>
          </Alert>
        ) : null}
        {!isReadOnly && open.length > 0 ? (
          <SealingNotice {...sealing} onAgree={sealing.agree} onAccept={sealing.accept} />
        ) : null}
        {error ? <ErrorPanel error={error} isFieldsShown={Object.keys(byPath).length > 0} /> : null}
        {sealing.error ? <ErrorPanel error={sealing.error} /> : null}
        {isReadOnly || (open.length === 0 && !onSaved) ? null : (
          <Group>
            <Button type="submit" loading={isBusy} disabled={open.length > 0 && !sealing.isOpen}>
              {submitLabel}
            </Button>
          </Group>
        )}
      </Stack>
    </Form>
  );
}
