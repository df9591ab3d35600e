// Which conversations are listed: flow, status, channel, span of time and words; all of it in the address.
import { ActionIcon, Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { exact } from '../../components/When';
import type { ConversationSearch } from '../../routes';
import { flowChoicesQuery } from '../flows/queries';
import { CONVERSATION_STATES } from './ConversationStatus';

const HOURS = { hour: 1, day: 24, week: 168, month: 720 } as const;
const CHANNELS = ['simulator'];

interface Props {
  filters: ConversationSearch;
  onChange: (filters: ConversationSearch) => void;
}

export function ConversationFilters({ filters, onChange }: Props) {
  const { t, i18n } = useTranslation('conversations');
  const [words, setWords] = useState(filters.search ?? '');
  const flows = useQuery(flowChoicesQuery);
  const set = (change: ConversationSearch) => onChange(clean({ ...filters, ...change }));
  const find = useDebouncedCallback((search: string) => set({ search }), 300);
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
        aria-label={t('flow')}
        placeholder={t('allFlows')}
        searchable
        clearable
        allowDeselect
        w={{ base: '100%', xs: 200 }}
        value={filters.flow_id ?? null}
        data={(flows.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(id) => set({ flow_id: id ?? '' })}
        clearButtonProps={{ 'aria-label': t('clear') }}
      />
      <Select
        aria-label={t('status')}
        placeholder={t('allStates')}
        clearable
        allowDeselect
        w={{ base: '47%', xs: 180 }}
        value={filters.status ?? null}
        data={CONVERSATION_STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
        onChange={(status) => set({ status: status ?? '' })}
        clearButtonProps={{ 'aria-label': t('clear') }}
      />
      <Select
        aria-label={t('channel')}
        placeholder={t('allChannels')}
        clearable
        allowDeselect
        w={{ base: '47%', xs: 160 }}
        value={filters.channel_id ?? null}
        data={CHANNELS.map((value) => ({ value, label: t(`channels.${value}`) }))}
        onChange={(id) => set({ channel_id: id ?? '' })}
        clearButtonProps={{ 'aria-label': t('clear') }}
      />
      {filters.since || filters.until ? (
        <Button
          variant="light"
          rightSection={<X size={14} aria-hidden />}
          onClick={() => set({ since: '', until: '' })}
          aria-label={t('anyTime')}
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
          onChange={(value) => value && set({ since: hoursAgo(HOURS[value as keyof typeof HOURS]) })}
        />
      )}
      {Object.keys(filters).length > 0 ? (
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

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}

function clean(filters: ConversationSearch): ConversationSearch {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
}
