// Which executions are listed: kind, outcome, integration, action, span of time and words; all of it in the address.
import { ActionIcon, Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { exact } from '../../components/When';
import type { ExecutionSearch } from '../../routes';
import { actionChoicesQuery } from '../actions/queries';
import { integrationChoicesQuery } from '../integrations/queries';

const OUTCOMES = [
  'ok',
  'auth_failed',
  'http_4xx',
  'http_5xx',
  'rate_limited',
  'redirect',
  'timeout',
  'network',
  'blocked',
  'bad_response',
  'output_missing',
  'input_invalid',
  'unknown',
];
const KINDS = ['live', 'test', 'credential_test'];
const HOURS = { hour: 1, day: 24, week: 168, month: 720 } as const;

interface Props {
  filters: ExecutionSearch;
  onChange: (filters: ExecutionSearch) => void;
}

export function Filters({ filters, onChange }: Props) {
  const { t, i18n } = useTranslation('executions');
  const [words, setWords] = useState(filters.search ?? '');
  const integrations = useQuery(integrationChoicesQuery);
  const actions = useQuery({
    ...actionChoicesQuery(filters.integration_id ?? ''),
    enabled: Boolean(filters.integration_id),
  });
  const set = (change: ExecutionSearch) => onChange(clean({ ...filters, ...change }));
  const find = useDebouncedCallback((search: string) => set({ search }), 300);
  const isFiltered = Object.keys(filters).length > 0;
  const language = i18n.resolvedLanguage ?? 'en';

  return (
    <Group gap="sm" mb="md" align="flex-end">
      <TextInput
        aria-label={t('common:search')}
        placeholder={t('searchHint')}
        leftSection={<Search size={16} aria-hidden />}
        value={words}
        w={{ base: '100%', xs: 240 }}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          find(event.currentTarget.value);
        }}
      />
      <Select
        aria-label={t('kind')}
        placeholder={t('allKinds')}
        clearable
        allowDeselect
        w={{ base: 'calc(50% - 6px)', xs: 150 }}
        value={filters.kind ?? null}
        data={KINDS.map((value) => ({ value, label: t(`common:kinds.${value}`) }))}
        onChange={(kind) => set({ kind: kind ?? '' })}
        clearButtonProps={{ 'aria-label': t('clear') }}
      />
      <Select
        aria-label={t('outcome')}
        placeholder={t('allOutcomes')}
        clearable
        allowDeselect
        w={{ base: 'calc(50% - 6px)', xs: 200 }}
        value={filters.outcome ?? null}
        data={OUTCOMES.map((value) => ({ value, label: t(`common:outcomes.${value}`) }))}
        onChange={(outcome) => set({ outcome: outcome ?? '' })}
        clearButtonProps={{ 'aria-label': t('clear') }}
      />
      <Select
        aria-label={t('integration')}
        placeholder={t('allIntegrations')}
        searchable
        clearable
        allowDeselect
        w={{ base: '100%', xs: 190 }}
        value={filters.integration_id ?? null}
        data={(integrations.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(id) => set({ integration_id: id ?? '', action_id: '' })}
        clearButtonProps={{ 'aria-label': t('clear') }}
      />
      {filters.integration_id ? (
        <Select
          aria-label={t('action')}
          placeholder={t('allActions')}
          searchable
          clearable
          allowDeselect
          w={{ base: '100%', xs: 190 }}
          value={filters.action_id ?? null}
          data={(actions.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(id) => set({ action_id: id ?? '' })}
          clearButtonProps={{ 'aria-label': t('clear') }}
        />
      ) : null}
      {filters.since || filters.until ? (
        <Button
          variant="light"
          rightSection={<X size={14} aria-hidden />}
          onClick={() => set({ since: '', until: '' })}
          aria-label={t('clearSpan')}
        >
          {t('span', {
            since: filters.since ? exact(filters.since, language) : '…',
            until: filters.until ? exact(filters.until, language) : t('now'),
          })}
        </Button>
      ) : (
        <Select
          aria-label={t('spanLabel')}
          placeholder={t('anyTime')}
          w={{ base: '100%', xs: 170 }}
          value={null}
          data={Object.keys(HOURS).map((value) => ({ value, label: t(`spans.${value}`) }))}
          onChange={(value) =>
            value && set({ since: new Date(Date.now() - HOURS[value as keyof typeof HOURS] * 3_600_000).toISOString() })
          }
        />
      )}
      {isFiltered ? (
        <ActionIcon
          size={36}
          aria-label={t('clearAll')}
          onClick={() => {
            setWords('');
            onChange({});
          }}
        >
          <X size={18} />
        </ActionIcon>
      ) : null}
    </Group>
  );
}

function clean(filters: ExecutionSearch): ExecutionSearch {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) as ExecutionSearch;
}
