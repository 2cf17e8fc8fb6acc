import { Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ClearFilters } from '../components/clear-filters.tsx';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Empty, Queried } from '../components/states.tsx';
import { TypedFilter } from '../components/typed-filter.tsx';
import {
  orderOf,
  type QueuedDeliveryView,
  type QueueFilter,
  queueDepthQuery,
  queuePath,
} from '../data/queue.ts';
import { webhooksQuery } from '../data/webhooks.ts';
import { CancelChosen } from '../deliveries/cancel-chosen.tsx';
import { useChoice } from '../deliveries/choice.ts';
import { ChosenBar } from '../deliveries/chosen-bar.tsx';
import { useMay } from '../session.ts';
import { DepthFigures, OrderChoice, PriorityChoice } from './queue-depth.tsx';
import { QueueTable } from './queue-table.tsx';

interface Props {
  /** null: the queue of the platform. */
  readonly account: string | null;
  readonly filter: QueueFilter;
  readonly onChange: (filter: QueueFilter) => void;
}

/** All that waits to be sent, and what can be done about it. */
export function QueueScreen({ account, filter, onChange }: Props) {
  const { t } = useTranslation();
  const depth = useQuery(queueDepthQuery(account, filter));
  const { order, ...narrowing } = filter;
  const filtered = Object.values(narrowing).some(Boolean);
  const set = (change: QueueFilter) => onChange({ ...filter, ...change });
  return (
    <Page title={t('queue.title')} lead={t(account === null ? 'queue.leadPlatform' : 'queue.lead')}>
      <Queried query={depth} rows={2}>
        {(data) => <DepthFigures depth={data} />}
      </Queried>
      <Group gap="xs" role="search">
        {account === null ? (
          <TypedFilter
            label={t('queue.filters.account')}
            value={filter.account ?? ''}
            onChange={(value) => set({ account: value })}
            width={200}
          />
        ) : (
          <WebhookFilter account={account} filter={filter} onChange={set} />
        )}
        <PriorityChoice value={filter.priority ?? ''} onChange={(priority) => set({ priority })} />
        <OrderChoice
          value={orderOf(filter)}
          onChange={(next) => set({ order: next === 'due' ? next : '' })}
        />
        {filtered && <ClearFilters onClear={() => onChange({ order: order ?? '' })} />}
      </Group>
      <WaitingPanel account={account} filter={filter} filtered={filtered} />
    </Page>
  );
}

function WaitingPanel({ account, filter, filtered }: Omit<Props, 'onChange'> & { filtered: boolean }) {
  const mayChange = useMay('change', account);
  const [chosen, setChosen] = useChoice(JSON.stringify([account, filter]));
  const order = orderOf(filter);
  const listing = useListing<QueuedDeliveryView>(queuePath(account, 'deliveries'), { ...filter, order });
  const shown = listing.data?.pages.flatMap(({ data }) => data) ?? [];
  // What has been sent meanwhile is in the list no more.
  const waiting = shown.filter(({ id }) => chosen.has(id));
  return (
    <Panel>
      {mayChange && waiting.length > 0 && (
        <ChosenBar count={waiting.length}>
          <CancelChosen waiting={waiting} onDone={() => setChosen(new Set())} />
        </ChosenBar>
      )}
      <Listed listing={listing} empty={<NothingWaits filtered={filtered} />}>
        {(deliveries) => (
          <QueueTable
            deliveries={deliveries}
            order={order}
            showAccount={account === null}
            mayChange={mayChange}
            choosing={mayChange ? { chosen, onChoose: setChosen } : undefined}
          />
        )}
      </Listed>
    </Panel>
  );
}

function WebhookFilter({ account, filter, onChange }: Props & { account: string }) {
  const { t } = useTranslation();
  const { data: webhooks } = useQuery(webhooksQuery(account));
  return (
    <Select
      aria-label={t('deliveries.filters.webhook')}
      placeholder={t('deliveries.filters.webhook')}
      clearable
      searchable
      w={220}
      data={(webhooks ?? []).map(({ id, name }) => ({ value: id, label: name || id }))}
      value={filter.webhookId ?? null}
      onChange={(webhookId) => onChange({ webhookId: webhookId ?? '' })}
    />
  );
}

function NothingWaits({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  const key = filtered ? 'emptyFiltered' : 'empty';
  return <Empty title={t(`queue.${key}.title`)}>{t(`queue.${key}.text`)}</Empty>;
}
