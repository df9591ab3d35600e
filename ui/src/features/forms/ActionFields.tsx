// What is run when a screen asks: an action or none, its credential, and what each of its inputs is given.
import { Select, Stack, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { actionChoicesQuery, actionQuery, credentialChoicesQuery } from '../actions/queries';
import { integrationsQuery } from '../integrations/queries';
import type { HandlerRow } from './form';
import { useForm } from './FormContext';

interface Props {
  path: string;
  handler: HandlerRow;
  onChange: (part: Partial<HandlerRow>) => void;
}

const NONE = '';

export function ActionFields({ path, handler, onChange }: Props) {
  const { t } = useTranslation('forms');
  const { errors, isReadOnly } = useForm();
  const mayReadCredentials = useMay('credentials:read');
  const [chosen, setChosen] = useState<string | null>(null);
  const action = useQuery({ ...actionQuery(handler.action_id), enabled: handler.action_id !== '' });
  const integrationId = chosen ?? action.data?.integration_id ?? NONE;
  const integrations = useInfiniteQuery(integrationsQuery(''));
  const actions = useQuery({ ...actionChoicesQuery(integrationId), enabled: integrationId !== '' });
  const credentials = useQuery({
    ...credentialChoicesQuery(integrationId),
    enabled: integrationId !== '' && mayReadCredentials,
  });
  const known = integrations.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <Select
        label={t('action.integration')}
        data={[{ value: NONE, label: t('action.none') }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
        value={integrationId}
        onChange={(id) => {
          setChosen(id ?? NONE);
          onChange({ action_id: '', credential_id: '', inputs: {} });
        }}
        allowDeselect={false}
        searchable
        readOnly={isReadOnly}
        maw={420}
      />
      {integrationId ? (
        <>
          <Select
            label={t('action.action')}
            placeholder={t('action.choose')}
            data={(actions.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={handler.action_id || null}
            onChange={(id) => onChange({ action_id: id ?? '', inputs: {} })}
            error={errors[`${path}.action_id`]}
            allowDeselect={false}
            searchable
            readOnly={isReadOnly}
            maw={420}
          />
          <Select
            label={t('action.credential')}
            description={mayReadCredentials ? undefined : t('action.noCredentialRead')}
            data={[
              { value: NONE, label: t('action.noCredential') },
              ...(credentials.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={handler.credential_id}
            onChange={(id) => onChange({ credential_id: id ?? NONE })}
            error={errors[`${path}.credential_id`]}
            allowDeselect={false}
            readOnly={isReadOnly}
            maw={420}
          />
        </>
      ) : null}
      {(action.data?.inputs ?? []).length > 0 ? (
        <Text size="sm" fw={500}>
          {t('action.inputs')}
        </Text>
      ) : null}
      {(action.data?.inputs ?? []).map((input) => (
        <TextInput
          key={input.key}
          label={input.name || input.key}
          description={t(`common:types.${input.type}`)}
          value={handler.inputs[input.key] ?? ''}
          onChange={(event) => onChange({ inputs: { ...handler.inputs, [input.key]: event.currentTarget.value } })}
          error={errors[`${path}.inputs.${input.key}`]}
          required={input.required}
          readOnly={isReadOnly}
          spellCheck={false}
          autoComplete="off"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          maw={560}
        />
      ))}
      {(action.data?.outputs ?? []).length > 0 ? (
        <Text size="xs" c="dimmed" className="breaks">
          {t('action.brings')}{' '}
          <span className="mono">
            {action.data?.outputs.map(({ identifier }) => `{{outputs.${identifier}}}`).join(' ')}
          </span>
        </Text>
      ) : null}
    </Stack>
  );
}
