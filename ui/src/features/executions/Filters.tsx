// Which executions are listed: kind, outcome, integration, action, span of time and words.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { FilterBar, FilterChoice, HALF } from '../../components/FilterBar';
import type { ExecutionSearch } from '../../routes/flows';
import { actionChoicesQuery } from '../actions/queries';
import { OUTCOMES as TROUBLES } from '../flows/definition';
import { integrationChoicesQuery } from '../integrations/queries';

const OUTCOMES = ['ok', ...TROUBLES];
const KINDS = ['live', 'test', 'credential_test'];

interface Props {
  filters: ExecutionSearch;
  onChange: (filters: ExecutionSearch) => void;
}

export function Filters({ filters, onChange }: Props) {
  const { t } = useTranslation('executions');
  const integrations = useQuery(integrationChoicesQuery);
  const actions = useQuery({
    ...actionChoicesQuery(filters.integration_id ?? ''),
    enabled: Boolean(filters.integration_id),
  });
  return (
    <FilterBar searchHint={t('searchHint')} filters={filters} onChange={onChange}>
      {(set) => (
        <>
          <FilterChoice
            label={t('kind')}
            all={t('allKinds')}
            width={{ base: HALF, xs: 150 }}
            value={filters.kind}
            data={KINDS.map((value) => ({ value, label: t(`common:kinds.${value}`) }))}
            onChange={(kind) => set({ kind })}
          />
          <FilterChoice
            label={t('outcome')}
            all={t('allOutcomes')}
            width={{ base: HALF, xs: 200 }}
            value={filters.outcome}
            data={OUTCOMES.map((value) => ({ value, label: t(`common:outcomes.${value}`) }))}
            onChange={(outcome) => set({ outcome })}
          />
          <FilterChoice
            label={t('integration')}
            all={t('allIntegrations')}
            isSearchable
            width={{ base: '100%', xs: 215 }}
            value={filters.integration_id}
            data={(integrations.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => set({ integration_id: id, action_id: '' })}
          />
          {filters.integration_id ? (
            <FilterChoice
              label={t('action')}
              all={t('allActions')}
              isSearchable
              width={{ base: '100%', xs: 215 }}
              value={filters.action_id}
              data={(actions.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(id) => set({ action_id: id })}
            />
          ) : null}
        </>
      )}
    </FilterBar>
  );
}
