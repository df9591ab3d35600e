// Keys found in a pasted command: each becomes an authentication field, is left out, or is said to be none.
import { Alert, Fieldset, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { LockKeyhole } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { AuthField } from '../../api/schema';
import type { FoundSecret } from './curl/secrets';

export type Decision =
  | { is: 'new'; identifier: string; slip: 'rule' | 'taken' | null }
  | { is: 'field'; identifier: string }
  | { is: 'left_out' }
  | { is: 'plain' };

const IDENTIFIER = /^[a-z](?:[a-z0-9_]{0,62}[a-z0-9])?$/;

/** What is proposed: the field that has its name, a new one, or the only password field there is. */
export function firstChoice(
  secret: FoundSecret,
  authFields: AuthField[],
  canMakeFields: boolean,
  isKeyInUrlAllowed: boolean,
): Decision {
  if (secret.place === 'query' && !isKeyInUrlAllowed) return { is: 'left_out' };
  const passwords = authFields.filter((field) => field.type === 'password');
  const same = passwords.find((field) => field.identifier === secret.identifier);
  if (same) return { is: 'field', identifier: same.identifier };
  if (canMakeFields) return newField(secret.identifier, authFields);
  return passwords[0] ? { is: 'field', identifier: passwords[0].identifier } : { is: 'left_out' };
}

function newField(identifier: string, authFields: AuthField[]): Decision {
  const isTaken = authFields.some((field) => field.identifier === identifier);
  return { is: 'new', identifier, slip: !IDENTIFIER.test(identifier) ? 'rule' : isTaken ? 'taken' : null };
}

interface Props {
  secrets: FoundSecret[];
  decisions: Decision[];
  authFields: AuthField[];
  canMakeFields: boolean;
  isKeyInUrlAllowed: boolean;
  onDecide: (id: number, decision: Decision) => void;
}

export function FoundSecrets({ secrets, decisions, authFields, canMakeFields, isKeyInUrlAllowed, onDecide }: Props) {
  const { t } = useTranslation('requests');
  return (
    <Stack gap="sm">
      <Alert
        color="yellow"
        icon={<LockKeyhole size={18} aria-hidden />}
        title={t('secrets.title', { count: secrets.length })}
      >
        <Text size="sm">{t(canMakeFields ? 'secrets.about' : 'secrets.aboutPlain')}</Text>
      </Alert>
      {secrets.map((secret) => (
        <One
          key={secret.id}
          secret={secret}
          decision={decisions[secret.id]!}
          authFields={authFields}
          canMakeFields={canMakeFields}
          isInUrl={secret.place === 'query' && !isKeyInUrlAllowed}
          onDecide={(decision) => onDecide(secret.id, decision)}
        />
      ))}
    </Stack>
  );
}

interface OneProps {
  secret: FoundSecret;
  decision: Decision;
  authFields: AuthField[];
  canMakeFields: boolean;
  isInUrl: boolean;
  onDecide: (decision: Decision) => void;
}

function One({ secret, decision, authFields, canMakeFields, isInUrl, onDecide }: OneProps) {
  const { t } = useTranslation('requests');
  const fields = authFields.filter((field) => field.type === 'password');

  function choose(is: string) {
    if (is === 'new') onDecide(newField(secret.identifier, authFields));
    else if (is === 'field' && fields[0]) onDecide({ is: 'field', identifier: fields[0].identifier });
    else onDecide({ is: is === 'plain' ? 'plain' : 'left_out' });
  }

  return (
    <Fieldset legend={t(`secrets.places.${secret.place}`, { name: secret.name })} variant="filled">
      <Radio.Group
        value={decision.is}
        onChange={choose}
        aria-label={t(`secrets.places.${secret.place}`, { name: secret.name })}
      >
        <Stack gap="xs">
          {isInUrl ? (
            <Text size="xs" c="dimmed">
              {t('secrets.inUrl')}
            </Text>
          ) : null}
          {canMakeFields && !isInUrl ? (
            <Radio
              value="new"
              label={t('secrets.makeField')}
              description={t(secret.isBasic ? 'secrets.makeFieldBasic' : 'secrets.makeFieldHint')}
            />
          ) : null}
          {decision.is === 'new' ? (
            <TextInput
              ml={30}
              maw={280}
              size="xs"
              label={t('secrets.identifier')}
              value={decision.identifier}
              spellCheck={false}
              error={decision.slip ? t(`secrets.slips.${decision.slip}`) : undefined}
              onChange={(event) => onDecide(newField(event.currentTarget.value, authFields))}
            />
          ) : null}
          {fields.length > 0 && !isInUrl ? <Radio value="field" label={t('secrets.useField')} /> : null}
          {decision.is === 'field' ? (
            <Select
              ml={30}
              maw={280}
              size="xs"
              aria-label={t('secrets.which')}
              value={decision.identifier}
              data={fields.map((field) => ({
                value: field.identifier,
                label: field.name ? `${field.name} (${field.identifier})` : field.identifier,
              }))}
              onChange={(identifier) => identifier && onDecide({ is: 'field', identifier })}
            />
          ) : null}
          <Radio value="left_out" label={t('secrets.leaveOut')} />
          {secret.variable ? null : (
            <Radio value="plain" label={t('secrets.plain')} description={t('secrets.plainHint')} />
          )}
        </Stack>
      </Radio.Group>
    </Fieldset>
  );
}
