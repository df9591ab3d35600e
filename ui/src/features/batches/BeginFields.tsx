// What begins and what is said first: the flow, a template with its values, and the flow's variables.
import { Alert, Anchor, Select, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { ErrorPanel } from '../../components/ErrorPanel';
import { keyOf } from '../templates/template';
import { TemplatePreview } from '../templates/TemplatePreview';
import { shownValues } from './begin';
import type { Source } from './people';
import { SlotInputs } from './SlotInputs';
import { SourceInput } from './SourceInput';
import type { Beginning } from './useBeginning';

interface Props {
  channelId: string;
  beginning: Beginning;
  /** What the columns of the table are called; none where there is no table. */
  columns: string[];
  /** The cells of the first line, for the preview. */
  cells: string[];
  /** Said of the choice to send no template. */
  noTemplateHint: string;
}

const NONE = '';

export function BeginFields({ channelId, beginning, columns, cells, noTemplateHint }: Props) {
  const { t } = useTranslation('batches');
  const { begin, set, flows, templates, shape, variables, wrong, slips } = beginning;
  const published = (flows.data ?? []).filter((flow) => flow.published_version !== null);

  function setVariable(key: string, source: Source) {
    set({ variables: { ...begin.variables, [key]: source } });
  }

  return (
    <Stack gap="md">
      <Select
        label={t('begin.flow')}
        placeholder={t('begin.chooseFlow')}
        data={published.map(({ id, name }) => ({ value: id, label: name }))}
        value={begin.flow_id || null}
        onChange={(flow_id) => set({ flow_id: flow_id ?? '', variables: {} })}
        allowDeselect={false}
        searchable
        required
        maw={520}
      />
      {flows.isSuccess && published.length === 0 ? (
        <Alert role="note" color="yellow">
          {t('begin.noFlows')}
        </Alert>
      ) : null}
      {channelId === '' ? null : (
        <Select
          label={t('begin.template')}
          description={t('begin.templateHint')}
          data={[
            { value: NONE, label: t('begin.noTemplate') },
            ...beginning.sendable.map((each) => ({ value: keyOf(each), label: `${each.name} (${each.language})` })),
          ]}
          value={begin.template}
          onChange={(template) => set({ template: template ?? NONE, parameters: {} })}
          disabled={templates.isPending}
          allowDeselect={false}
          searchable
          maw={520}
        />
      )}
      {templates.isError ? <ErrorPanel error={templates.error} onRetry={() => void templates.refetch()} /> : null}
      {channelId !== '' && begin.template === NONE ? (
        <Text size="sm" c="dimmed">
          {noTemplateHint}
        </Text>
      ) : null}
      {channelId !== '' && templates.isSuccess && beginning.sendable.length === 0 ? (
        <Text size="sm">
          {t('begin.noTemplates')}{' '}
          <Anchor
            size="sm"
            underline="always"
            renderRoot={(props) => <Link to="/channels/$channelId/templates" params={{ channelId }} {...props} />}
          >
            {t('begin.seeTemplates')}
          </Anchor>
        </Text>
      ) : null}
      {shape ? (
        <SlotInputs
          shape={shape}
          values={begin.parameters}
          onChange={(parameters) => set({ parameters })}
          slips={slips}
          columns={columns}
        />
      ) : null}
      {shape ? <TemplatePreview shape={shape} values={shownValues(begin, shape, cells)} /> : null}
      {variables.length > 0 ? (
        <Stack gap="sm" component="fieldset" m={0} p={0} style={{ border: 0 }}>
          <Text size="sm" fw={600} component="legend" p={0} mb={4}>
            {t('begin.variables')}
          </Text>
          {variables.map(({ key, name, type }) => (
            <SourceInput
              key={key}
              label={name || key}
              description={`${t(`common:types.${type}`)} · ${t('common:optional')}`}
              value={begin.variables[key]}
              onChange={(source) => setVariable(key, source)}
              columns={columns}
              error={wrong.includes(key) ? t('begin.unreadable', { type: t(`common:types.${type}`) }) : undefined}
            />
          ))}
        </Stack>
      ) : null}
    </Stack>
  );
}
