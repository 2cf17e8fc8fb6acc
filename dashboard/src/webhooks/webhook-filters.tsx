import { Chip, Group } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { ClearFilters } from '../components/clear-filters.tsx';
import { TypedFilter } from '../components/typed-filter.tsx';
import { type StateCounts, stateNamed, WEBHOOK_STATES } from './found-webhooks.ts';

/** What the address bar asks for. */
export interface WebhookFilter {
  readonly search?: string;
  readonly status?: string;
}

interface Props {
  readonly filter: WebhookFilter;
  /** Of those that are searched for. */
  readonly counts: StateCounts;
  readonly onChange: (filter: WebhookFilter) => void;
  /** The field that is typed in. */
  readonly field: Ref<HTMLInputElement>;
}

const ALL = 'all';

export function WebhookFilters({ filter, counts, onChange, field }: Props) {
  const { t } = useTranslation();
  const set = (change: WebhookFilter) => onChange({ ...filter, ...change });
  return (
    <Group gap="sm" role="search">
      <TypedFilter
        label={t('webhooks.find.search')}
        value={filter.search ?? ''}
        onChange={(search) => set({ search })}
        width={270}
        field={field}
      />
      <Chip.Group
        value={stateNamed(filter.status) ?? ALL}
        onChange={(status) => set({ status: status === ALL ? '' : status })}
      >
        <Group gap={6} role="radiogroup" aria-label={t('webhooks.find.state')}>
          {([ALL, ...WEBHOOK_STATES] as const).map((state) => (
            <Chip key={state} value={state} variant="outline">
              {t(`webhooks.find.${state}`)} <span className="numbers">{counts[state]}</span>
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {Object.values(filter).some(Boolean) && <ClearFilters onClear={() => onChange({})} />}
    </Group>
  );
}
