// Settings of a call: which action of which integration with which credential, and where its inputs come from.
import { Anchor, Select, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../../api/session';
import { actionQuery, actionsQuery, credentialChoicesQuery } from '../../actions/queries';
import { integrationsQuery } from '../../integrations/queries';
import { asKey } from './fields';
import { callKeys, freeKey } from '../blocks';
import { useBuilder } from '../BuilderContext';
import type { CustomIntegrationBlock } from '../definition';
import { AskAgainPart } from './AskAgainPart';
import { CallTiming } from './CallTiming';
import { KeyInput, TemplateInput } from './fields';
import { numbered } from './WaysPart';
import { Part } from './Part';
import { useBlockEdit } from './useBlockEdit';

export function IntegrationPanel({ block }: { block: CustomIntegrationBlock }) {
  const { t } = useTranslation('flows');
  const { isReadOnly, errors, definition } = useBuilder();
  const mayReadCredentials = useMay('credentials:read');
  const edit = useBlockEdit<CustomIntegrationBlock>(block.id);
  const integrations = useInfiniteQuery(integrationsQuery(''));
  const actions = useInfiniteQuery({ ...actionsQuery(block.integration_id), enabled: block.integration_id !== '' });
  const credentials = useQuery({
    ...credentialChoicesQuery(block.integration_id),
    enabled: block.integration_id !== '' && mayReadCredentials,
  });
  const action = useQuery({ ...actionQuery(block.action_id), enabled: block.action_id !== '' });
  const inputs = action.data?.inputs ?? [];
  const outputs = action.data?.outputs ?? [];

  function chooseAction(id: string) {
    const found = actions.data?.pages.flatMap((page) => page.items).find((each) => each.id === id);
    const kept = Object.fromEntries(
      (found?.inputs ?? []).flatMap(({ key }) => (block.inputs[key] === undefined ? [] : [[key, block.inputs[key]]])),
    );
    const others = callKeys(definition.blocks.filter((each) => each.id !== block.id));
    const key = /^call(_\d+)?$/.test(block.key) && found ? freeKey(asKey(found.name) || 'call', others) : block.key;
    edit({ action_id: id, inputs: kept, ask_again: [], key });
  }

  return (
    <>
      <div data-path="integration_id">
        <Select
          label={t('fields.integration')}
          placeholder={t('fields.choose')}
          data={options(integrations.data?.pages)}
          value={block.integration_id || null}
          onChange={(id) =>
            edit({ integration_id: id ?? '', action_id: '', credential_id: '', inputs: {}, ask_again: [] })
          }
          error={errors.integration_id}
          nothingFoundMessage={t('fields.noIntegrations')}
          searchable
          readOnly={isReadOnly}
        />
      </div>
      {block.integration_id ? (
        <div data-path="action_id">
          <Select
            label={t('fields.action')}
            placeholder={t('fields.choose')}
            data={options(actions.data?.pages)}
            value={block.action_id || null}
            onChange={(id) => chooseAction(id ?? '')}
            error={errors.action_id}
            nothingFoundMessage={t('fields.noActions')}
            searchable
            readOnly={isReadOnly}
          />
          {block.action_id ? (
            <Anchor
              size="xs"
              underline="always"
              renderRoot={(props) => (
                <Link
                  to="/integrations/$integrationId/actions/$actionId"
                  params={{ integrationId: block.integration_id, actionId: block.action_id }}
                  {...props}
                />
              )}
            >
              {t('fields.openAction')}
            </Anchor>
          ) : null}
        </div>
      ) : null}
      {block.integration_id ? (
        <div data-path="credential_id">
          <Select
            label={t('fields.credential')}
            description={mayReadCredentials ? undefined : t('fields.noCredentialRead')}
            placeholder={t('fields.choose')}
            data={numbered((credentials.data ?? []).map(({ id, name }) => ({ value: id, label: name })))}
            value={block.credential_id || null}
            onChange={(id) => edit({ credential_id: id ?? '' })}
            error={errors.credential_id}
            nothingFoundMessage={t('fields.noCredentials')}
            clearable={!isReadOnly}
            clearButtonProps={{ 'aria-label': t('fields.withoutCredential') }}
            readOnly={isReadOnly}
          />
        </div>
      ) : null}
      {block.action_id && action.isError ? (
        <Text size="sm" c="red">
          {t('body.unknownAction')}
        </Text>
      ) : null}
      {inputs.length > 0 ? (
        <Part title={t('panel.inputs')} hint={t('panel.inputsHint')}>
          {inputs.map((input) => (
            <TemplateInput
              key={input.key}
              path={`inputs.${input.key}`}
              label={input.name || input.key}
              description={t(`common:types.${input.type}`)}
              value={block.inputs[input.key] ?? ''}
              onChange={(text) => edit({ inputs: withInput(block.inputs, input.key, text) }, `input ${input.key}`)}
              required={input.required}
            />
          ))}
        </Part>
      ) : null}
      {block.action_id ? (
        <Part title={t('panel.outputs')} hint={outputs.length > 0 ? undefined : t('panel.noOutputs')}>
          {outputs.length > 0 ? (
            <ul style={{ margin: 0, paddingInlineStart: 18 }}>
              {outputs.map(({ identifier, type }) => (
                <li key={identifier}>
                  <Text span size="xs" ff="monospace" className="breaks">
                    {`{{outputs.${block.key}.${identifier}}}`}
                  </Text>{' '}
                  <Text span size="xs" c="dimmed">
                    {t(`common:types.${type}`)}
                  </Text>
                </li>
              ))}
            </ul>
          ) : null}
          <KeyInput
            path="key"
            label={t('fields.callKey')}
            description={t('fields.callKeyHint', { key: block.key || 'call' })}
            value={block.key}
            onChange={(key) => edit({ key }, 'key')}
          />
        </Part>
      ) : null}
      <CallTiming block={block} edit={edit} />
      {inputs.length > 0 ? <AskAgainPart block={block} inputs={inputs} edit={edit} /> : null}
    </>
  );
}

function options(pages: { items: { id: string; name: string }[] }[] | undefined) {
  return numbered((pages ?? []).flatMap(({ items }) => items).map(({ id, name }) => ({ value: id, label: name })));
}

/** An input without text is bound to nothing. */
function withInput(inputs: Record<string, string>, key: string, text: string): Record<string, string> {
  const rest = Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== key));
  return text === '' ? rest : { ...rest, [key]: text };
}
