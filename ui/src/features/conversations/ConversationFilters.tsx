// Which conversations are listed: flow, status, channel, span of time and words.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { FilterBar, FilterChoice, HALF } from '../../components/FilterBar';
import type { ConversationSearch } from '../../routes/conversations';
import { channelChoicesQuery } from '../channels/queries';
import { flowChoicesQuery } from '../flows/queries';
import { CONVERSATION_STATES } from './ConversationStatus';

interface Props {
  filters: ConversationSearch;
  onChange: (filters: ConversationSearch) => void;
}

export function ConversationFilters({ filters, onChange }: Props) {
  const { t } = useTranslation('conversations');
  const flows = useQuery(flowChoicesQuery);
  const channels = useQuery(channelChoicesQuery);
  return (
    <FilterBar searchHint={t('searchHint')} filters={filters} onChange={onChange}>
      {(set) => (
        <>
          <FilterChoice
            label={t('flow')}
            all={t('allFlows')}
            isSearchable
            width={{ base: '100%', xs: 200 }}
            value={filters.flow_id}
            data={(flows.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => set({ flow_id: id })}
          />
          <FilterChoice
            label={t('status')}
            all={t('allStates')}
            width={{ base: HALF, xs: 180 }}
            value={filters.status}
            data={CONVERSATION_STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
            onChange={(status) => set({ status })}
          />
          <FilterChoice
            label={t('channel')}
            all={t('allChannels')}
            width={{ base: HALF, xs: 185 }}
            value={filters.channel_id}
            data={[
              ...(channels.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
              { value: 'simulator', label: t('channels.simulator') },
            ]}
            onChange={(id) => set({ channel_id: id })}
          />
        </>
      )}
    </FilterBar>
  );
}
