import { Group, Table, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { accountPath } from '../api.ts';
import { ClearFilters } from '../components/clear-filters.tsx';
import { useFilterStep } from '../components/filter-step.ts';
import { AnchorLink } from '../components/links.tsx';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import { type Searched, SearchField } from '../components/search-field.tsx';
import { Empty } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import type { TimeSpan } from '../components/time-span.ts';
import { TimeSpanFilter } from '../components/time-span-filter.tsx';
import { ToneBadge } from '../components/tone.tsx';
import { TypedFilter } from '../components/typed-filter.tsx';
import type { EventView } from '../data/events.ts';
import { eventsSearch } from '../search.ts';

const route = getRouteApi('/signed-in/accounts/$account/events');
const FILTERS = ['type', 'channel'] as const;
type EventFilter = Searched & TimeSpan & { readonly [Name in (typeof FILTERS)[number]]?: string };

/** What happened in an account, newest first. */
export function Events() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const listing = useListing<EventView>(accountPath(account, 'events'), { ...filter });
  const stepTo = useFilterStep(filter);
  const change = (next: EventFilter) => void navigate({ search: eventsSearch({ ...next }), ...stepTo(next) });
  const set = (some: EventFilter) => change({ ...filter, ...some });
  const filtered = Object.keys(filter).length > 0;
  return (
    <Page title={t('events.title')} lead={t('events.lead')}>
      <Group gap="xs" role="search">
        <SearchField filter={filter} onChange={set} />
        <TimeSpanFilter span={filter} onChange={set} />
        {FILTERS.map((name) => (
          <TypedFilter
            key={name}
            label={t(`events.filters.${name}`)}
            value={filter[name] ?? ''}
            onChange={(text) => set({ [name]: text })}
            width={180}
          />
        ))}
        {filtered && <ClearFilters onClear={() => change({})} />}
      </Group>
      <Panel>
        <Listed listing={listing} empty={<NoEvents filtered={filtered} />}>
          {(events) => <EventTable account={account} events={events} />}
        </Listed>
      </Panel>
    </Page>
  );
}

function NoEvents({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  const key = filtered ? 'emptyFiltered' : 'empty';
  return <Empty title={t(`events.${key}.title`)}>{t(`events.${key}.text`)}</Empty>;
}

function EventTable({ account, events }: { account: string; events: readonly EventView[] }) {
  const { t } = useTranslation();
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {(['type', 'subject', 'channel', 'deliveries', 'warnings', 'received'] as const).map((column) => (
              <Table.Th key={column}>{t(`events.columns.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <Table.Tr key={event.id}>
              <Table.Td>
                <AnchorLink
                  to="/accounts/$account/events/$event"
                  params={{ account, event: event.id }}
                  size="sm"
                  className="mono"
                >
                  {event.type}
                </AnchorLink>
              </Table.Td>
              <Table.Td maw={240}>
                <Text size="sm" className="cut">
                  {event.subject ?? '–'}
                </Text>
              </Table.Td>
              <Table.Td maw={160}>
                <Text size="sm" className="cut">
                  {event.channel ?? '–'}
                </Text>
              </Table.Td>
              <Table.Td className="numbers">{event.deliveries}</Table.Td>
              <Table.Td>
                {event.warnings.length > 0 && <ToneBadge tone="warn">{event.warnings.length}</ToneBadge>}
              </Table.Td>
              <Table.Td>
                <Time at={event.receivedAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
