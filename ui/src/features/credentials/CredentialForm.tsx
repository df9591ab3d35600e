// Takes in the values of a credential: all of a new one, or those of a saved one that are to be replaced.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import type { AuthField, Credential, Integration } from '../../api/schema';
import { ErrorPanel } from '../../components/ErrorPanel';
import { HostsField } from './HostsField';
import { newCredentialId } from './newId';
import { proposedHostsQuery, setValues, useRefresh } from './queries';
import { saveNew, sealAll, type Entry } from './saving';
import { KeyRefused } from './sealing';
import { SealingNotice } from './SealingNotice';
import { SecretInput } from './SecretInput';
import { SetValue } from './SetValue';
import { useSealing } from './useSealing';
import { cleanHosts, isSameHosts, troubleOf, type Trouble } from './values';

interface Props {
  integration: Integration;
  /** The one whose values are replaced; null for a new one. */
  credential: Credential | null;
  onBusy: (isBusy: boolean) => void;
  onCancel: () => void;
  onSaved: (credential: Credential) => void;
  /** The inputs of saved passwords are open at once: they were just found wrong. */
  isOpenAtOnce?: boolean;
}

type Troubles = Record<string, Trouble>;
const NO_FIELDS: AuthField[] = [];

function toggle(set: Set<string>, id: string): Set<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

export function CredentialForm({ integration, credential, onBusy, onCancel, onSaved, isOpenAtOnce = false }: Props) {
  const { t } = useTranslation('credentials');
  const fields = integration.auth.fields ?? NO_FIELDS;
  const sealing = useSealing();
  const refresh = useRefresh(integration.id);
  const { data: proposal } = useQuery(proposedHostsQuery(integration.id));
  const proposed = proposal?.hosts ?? [];
  const inputs = useRef(new Map<string, HTMLInputElement>());
  const form = useRef<HTMLFormElement>(null);
  const [newId] = useState(newCredentialId);
  const [name, setName] = useState('');
  const [typedHosts, setHosts] = useState<string[] | null>(null);
  const [replaced, setReplaced] = useState(
    () => new Set(isOpenAtOnce ? fields.filter(({ type }) => type === 'password').map(({ id }) => id) : []),
  );
  const [cleared, setCleared] = useState<Set<string>>(new Set());
  const [troubles, setTroubles] = useState<Troubles>({});
  const [isNameMissing, setNameMissing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const boundTo = credential && credential.hosts.length > 0 ? credential.hosts : proposed;
  const hosts = typedHosts ?? boundTo;
  const hasPasswords = fields.some(({ type }) => type === 'password');
  const areHostsNew = credential !== null && !isSameHosts(hosts, credential.hosts);
  const isSet = (field: AuthField) => credential?.fields[field.identifier]?.is_set ?? false;
  // A password is sealed together with its hosts, so that other hosts need every password again.
  const isKept = (field: AuthField) =>
    isSet(field) && (cleared.has(field.id) || (!replaced.has(field.id) && !(areHostsNew && field.type === 'password')));
  const isNeeded = (field: AuthField) => field.required || isSet(field);
  const byPath = error ? asProblem(error).byPath : {};

  useEffect(() => {
    if (error || isNameMissing || Object.keys(troubles).length > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error, isNameMissing, troubles]);

  function read(): { entries: Entry[]; found: Troubles } {
    const shown = fields.filter((field) => !isKept(field));
    const entries = shown.map((field) => ({ field, value: inputs.current.get(field.id)?.value ?? '' }));
    const wrong = entries.map(
      ({ field, value }) => [field.id, troubleOf({ type: field.type, required: isNeeded(field) }, value)] as const,
    );
    const found = Object.fromEntries(wrong.filter(([, trouble]) => trouble !== null)) as Troubles;
    return { entries: entries.filter(({ value }) => value !== ''), found };
  }

  async function save() {
    const { entries, found } = read();
    const isNameless = credential === null && name.trim() === '';
    setTroubles(found);
    setNameMissing(isNameless);
    setError(null);
    if (isNameless || Object.keys(found).length > 0) return;
    setBusy(true);
    onBusy(true);
    try {
      const key = await sealing.freshKey();
      if (!key) return;
      const chosen = cleanHosts(hosts);
      const place = { integrationId: integration.id, credentialId: credential?.id ?? newId };
      const values = await sealAll(key, place, entries, chosen);
      for (const field of fields) if (cleared.has(field.id)) values[field.identifier] = null;
      const given = hasPasswords ? chosen : undefined;
      const saved = credential
        ? await setValues(credential.id, { values, hosts: given })
        : await saveNew({ ...place, name, values, hosts: given });
      for (const input of inputs.current.values()) input.value = '';
      await refresh();
      onSaved(saved);
    } catch (problem) {
      setError(problem instanceof KeyRefused ? new Error(t('sealing.refused')) : problem);
    } finally {
      setBusy(false);
      onBusy(false);
    }
  }

  return (
    <form
      ref={form}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && sealing.isOpen) void save();
      }}
    >
      <Stack gap="md">
        {credential === null ? (
          <TextInput
            label={t('form.name')}
            description={t('form.nameHint')}
            placeholder={t('form.namePlaceholder')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={isNameMissing && name.trim() === '' ? t('form.nameMissing') : byPath.name}
            maxLength={200}
            autoComplete="off"
            required
            data-autofocus
          />
        ) : null}
        {sealing.canSeal && sealing.changedFrom === null ? null : (
          <SealingNotice {...sealing} onAgree={sealing.agree} onAccept={sealing.accept} />
        )}
        {fields.map((field) =>
          isKept(field) ? (
            <SetValue
              key={field.id}
              field={field}
              since={credential?.fields[field.identifier]?.updated_at ?? null}
              isCleared={cleared.has(field.id)}
              onReplace={() => {
                setReplaced(toggle(replaced, field.id));
                window.setTimeout(() => inputs.current.get(field.id)?.focus());
              }}
              onClear={() => setCleared(toggle(cleared, field.id))}
            />
          ) : (
            <SecretInput
              key={field.id}
              field={field}
              integrationId={integration.id}
              inputs={inputs}
              trouble={troubles[field.id] ?? null}
              error={byPath[`values.${field.identifier}`]}
              isDisabled={!sealing.isOpen}
              isRequired={isNeeded(field)}
              onKeep={
                isSet(field) && replaced.has(field.id) && !areHostsNew
                  ? () => setReplaced(toggle(replaced, field.id))
                  : undefined
              }
            />
          ),
        )}
        {hasPasswords ? (
          <HostsField
            key={proposal ? 'known' : 'unknown'}
            hosts={hosts}
            onChange={setHosts}
            proposed={proposed}
            errors={byPath}
            isDisabled={!sealing.isOpen}
          />
        ) : null}
        <Text size="sm" role="status">
          {areHostsNew ? t('hosts.new') : ''}
        </Text>
        {error ? <ErrorPanel error={error} isFieldsShown /> : null}
        {sealing.error ? <ErrorPanel error={sealing.error} /> : null}
        {sealing.canSeal && sealing.changedFrom === null ? (
          <SealingNotice {...sealing} onAgree={sealing.agree} onAccept={sealing.accept} />
        ) : null}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onCancel} disabled={isBusy}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={!sealing.isOpen}>
            {t('common:saveAndContinue')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
