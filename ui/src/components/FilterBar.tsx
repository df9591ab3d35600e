// What a list is narrowed by, all of it in the address: words, a span of time, what the list adds, and a way to clear it all.
import { ActionIcon, Button, Group, Select } from '@mantine/core';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { EmptyState } from './EmptyState';
import { SearchBox, useFinding } from './SearchBox';
import { exact } from './When';

/** How wide a choice is that shares its line with another where there is little room. */
export const HALF = 'calc(50% - 6px)';
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
  /** Whether a span of time narrows the list too. */
  hasSpan?: boolean;
  children: (set: (change: Partial<F>) => void) => ReactNode;
}

export function FilterBar<F extends Spanned>({ searchHint, filters, onChange, hasSpan = true, children }: BarProps<F>) {
  const { t, i18n } = useTranslation();
  const set = (change: Partial<F>) => onChange(clean({ ...filters, ...change }));
  const finding = useFinding(filters.search ?? '', (search) => onChange(clean({ ...filters, search })));
  const language = i18n.resolvedLanguage ?? 'en';
  return (
    <Group gap="sm" mb="md" align="flex-end">
      <SearchBox label={t('common:search')} hint={searchHint} finding={finding} w={{ base: '100%', xs: 240 }} />
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
      ) : hasSpan ? (
        <Select
          aria-label={t('common:filters.spanLabel')}
          placeholder={t('common:filters.anyTime')}
          w={{ base: '100%', xs: 195 }}
          value={null}
          data={Object.keys(HOURS).map((value) => ({ value, label: t(`common:filters.spans.${value}`) }))}
          onChange={(value) =>
            value && onChange(clean({ ...filters, since: hoursAgo(HOURS[value as keyof typeof HOURS]) }))
          }
        />
      ) : null}
      {Object.keys(filters).length > 0 ? (
        <ActionIcon
          size={36}
          aria-label={t('common:filters.clearAll')}
          onClick={() => {
            finding.clear();
            onChange({} as F);
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
  value: string | undefined;
  data: { value: string; label: string }[];
  /** Hears the value, or '' when it is taken back. */
  onChange: (value: string) => void;
  width: { base: string; xs: number };
  isSearchable?: boolean;
}

export function FilterChoice({ label, all, value, data, onChange, width, isSearchable }: ChoiceProps) {
  const { t } = useTranslation();
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
      clearButtonProps={{ 'aria-label': t('filters.clear') }}
    />
  );
}

/** A list that has nothing within these filters. */
export function NoMatch({ text, onClear }: { text: string; onClear: () => void }) {
  const { t } = useTranslation();
  return (
    <EmptyState title={t('filters.noMatch')} text={text}>
      <Button variant="default" onClick={onClear}>
        {t('filters.clearAll')}
      </Button>
    </EmptyState>
  );
}

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}

/** Without what is empty, so that the address names only what narrows. */
function clean<F extends Spanned>(filters: F): F {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) as F;
}
