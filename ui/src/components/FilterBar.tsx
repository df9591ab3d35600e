// What a list is narrowed by, all of it in the address: words, a span of time, what the list adds, and a way to clear it all.
import { ActionIcon, Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { exact } from './When';

const HOURS = { hour: 1, day: 24, week: 168, month: 720 } as const;

interface Spanned {
  search?: string;
  since?: string;
  until?: string;
}

interface BarProps<F extends Spanned> {
  searchHint: string;
  filters: F;
  onChange: (filters: F) => void;
  children: (set: (change: Partial<F>) => void) => ReactNode;
}

export function FilterBar<F extends Spanned>({ searchHint, filters, onChange, children }: BarProps<F>) {
  const { t, i18n } = useTranslation();
  const [words, setWords] = useState(filters.search ?? '');
  const set = (change: Partial<F>) => onChange(clean({ ...filters, ...change }));
  const find = useDebouncedCallback((search: string) => onChange(clean({ ...filters, search })), 300);
  const language = i18n.resolvedLanguage ?? 'en';
  return (
    <Group gap="sm" mb="md" align="flex-end">
      <TextInput
        aria-label={t('common:search')}
        placeholder={searchHint}
        leftSection={<Search size={16} aria-hidden />}
        value={words}
        w={{ base: '100%', xs: 240 }}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          find(event.currentTarget.value);
        }}
      />
      {children(set)}
      {filters.since || filters.until ? (
        <Button
          variant="light"
          rightSection={<X size={14} aria-hidden />}
          onClick={() => onChange(clean({ ...filters, since: '', until: '' }))}
          aria-label={t('common:filters.anyTime')}
        >
          {t('common:filters.span', {
            since: filters.since ? exact(filters.since, language) : '…',
            until: filters.until ? exact(filters.until, language) : t('common:filters.now'),
          })}
        </Button>
      ) : (
        <Select
          aria-label={t('common:filters.spanLabel')}
          placeholder={t('common:filters.anyTime')}
          w={{ base: '100%', xs: 170 }}
          value={null}
          data={Object.keys(HOURS).map((value) => ({ value, label: t(`common:filters.spans.${value}`) }))}
          onChange={(value) =>
            value && onChange(clean({ ...filters, since: hoursAgo(HOURS[value as keyof typeof HOURS]) }))
          }
        />
      )}
      {Object.keys(filters).length > 0 ? (
        <ActionIcon
          size={36}
          aria-label={t('common:filters.clearAll')}
          onClick={() => {
            setWords('');
            onChange(clean({} as F));
          }}
        >
          <X size={18} />
        </ActionIcon>
      ) : null}
    </Group>
  );
}

interface ChoiceProps {
  label: string;
  /** What stands there while nothing is chosen: all of them. */
  all: string;
  clearLabel: string;
  value: string | undefined;
  data: { value: string; label: string }[];
  /** Hears the value, or '' when it is taken back. */
  onChange: (value: string) => void;
  width: { base: string; xs: number };
  isSearchable?: boolean;
}

export function FilterChoice({ label, all, clearLabel, value, data, onChange, width, isSearchable }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      placeholder={all}
      searchable={isSearchable}
      clearable
      allowDeselect
      w={width}
      value={value ?? null}
      data={data}
      onChange={(chosen) => onChange(chosen ?? '')}
      clearButtonProps={{ 'aria-label': clearLabel }}
    />
  );
}

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}

/** Without what is empty, so that the address names only what narrows. */
function clean<F extends Spanned>(filters: F): F {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) as F;
}
