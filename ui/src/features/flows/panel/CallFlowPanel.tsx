// Settings of a call of another flow: which one, and the values its variables begin with.
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useBuilder } from '../BuilderContext';
import type { CallFlowBlock } from '../definition';
import { flowChoicesQuery, flowQuery } from '../queries';
import { KeyInput, NumberField, TemplateInput } from './fields';
import { Part } from './Part';
import { useBlockEdit } from './useBlockEdit';
import { numbered } from './WaysPart';

export function CallFlowPanel({ block }: { block: CallFlowBlock }) {
  const { t } = useTranslation('flows');
  const { flowId, isReadOnly, errors } = useBuilder();
  const edit = useBlockEdit<CallFlowBlock>(block.id);
  const flows = useQuery(flowChoicesQuery);
  const called = useQuery({ ...flowQuery(block.flow_id), enabled: block.flow_id !== '' });
  const variables = called.data?.draft.variables ?? [];
  const set = (key: string, text: string) => {
    const rest = Object.fromEntries(Object.entries(block.variables).filter(([name]) => name !== key));
    edit({ variables: text === '' ? rest : { ...rest, [key]: text } }, `variable ${key}`);
  };
  return (
    <>
      <div data-path="flow_id">
        <Select
          label={t('fields.flow')}
          placeholder={t('fields.choose')}
          data={numbered(
            (flows.data ?? []).filter(({ id }) => id !== flowId).map(({ id, name }) => ({ value: id, label: name })),
          )}
          value={block.flow_id || null}
          onChange={(id) => edit({ flow_id: id ?? '', variables: {}, version: null })}
          error={errors.flow_id}
          nothingFoundMessage={t('fields.noFlows')}
          searchable
          readOnly={isReadOnly}
        />
      </div>
      <NumberField
        path="version"
        label={t('fields.version')}
        description={t('fields.versionHint')}
        placeholder={t('fields.newest')}
        value={block.version}
        onChange={(version) => edit({ version }, 'version')}
        min={1}
      />
      <KeyInput
        path="key"
        label={t('fields.callKey')}
        description={t('fields.flowKeyHint', { key: block.key || 'flow' })}
        value={block.key}
        onChange={(key) => edit({ key }, 'key')}
      />
      {variables.length > 0 ? (
        <Part title={t('panel.calledVariables')}>
          {variables.map(({ key, name, type }) => (
            <TemplateInput
              key={key}
              path={`variables.${key}`}
              label={name || key}
              description={t(`common:types.${type}`)}
              value={block.variables[key] ?? ''}
              onChange={(text) => set(key, text)}
            />
          ))}
        </Part>
      ) : null}
    </>
  );
}
