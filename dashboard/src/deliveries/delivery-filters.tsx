import { Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ClearFilters } from '../components/clear-filters.tsx';
import { SearchField } from '../components/search-field.tsx';
import { TimeSpanFilter } from '../components/time-span-filter.tsx';
import { TypedFilter } from '../components/typed-filter.tsx';
import { webhooksQuery } from '../data/webhooks.ts';

export interface DeliveryFilter {
  readonly status?: string;
  readonly webhookId?: string;
  readonly eventType?: string;
  readonly search?: string;
  readonly subject?: string;
  readonly eventId?: string;
  readonly from?: string;
  readonly to?: string;
}

const STATUSES = ['pending', 'delivered', 'failed', 'cancelled', 'superseded'] as const;

interface Props {
  readonly account: string;
  readonly filter: DeliveryFilter;
  readonly onChange: (filter: DeliveryFilter) => void;
  readonly showWebhook?: boolean;
}

export function DeliveryFilters({ account, filter, onChange, showWebhook = true }: Props) {
  const { t } = useTranslation();
  const { data: webhooks } = useQuery(webhooksQuery(account));
  const names = (webhooks ?? []).map(({ id, name }) => ({ value: id, label: name || id }));
  const chosen = names.find(({ value }) => value === filter.webhookId)?.label;
  const set = (change: DeliveryFilter) => onChange({ ...filter, ...change });
  return (
    <Group gap="xs" role="search">
      <SearchField filter={filter} onChange={set} />
      <TimeSpanFilter span={filter} onChange={set} />
      <Select
        aria-label={t('deliveries.filters.status')}
        placeholder={t('deliveries.filters.status')}
        clearable
        w={125}
        data={STATUSES.map((value) => ({ value, label: t(`common.status.${value}`) }))}
        value={filter.status ?? null}
        onChange={(status) => set({ status: status ?? '' })}
      />
      {showWebhook && (
        <Select
          aria-label={t('deliveries.filters.webhook')}
          placeholder={t('deliveries.filters.webhook')}
          clearable
          searchable
          w={165}
          // As wide as the longest name, and no wider than the window: names are often alike but for their ends.
          comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
          maxDropdownHeight={320}
          title={chosen}
          renderOption={({ option }) => (
            <span className="whole-name" title={option.label}>
              {option.label}
            </span>
          )}
          data={names}
          value={filter.webhookId ?? null}
          onChange={(webhookId) => set({ webhookId: webhookId ?? '' })}
        />
      )}
      <TypedFilter
        label={t('deliveries.filters.eventType')}
        value={filter.eventType ?? ''}
        onChange={(eventType) => set({ eventType })}
        width={150}
      />
      {Object.values(filter).some(Boolean) && <ClearFilters onClear={() => onChange({})} />}
    </Group>
  );
}
