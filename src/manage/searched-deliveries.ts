import type { Queryable } from '../db/database.ts';
import type { DeliveryFilter } from '../store/deliveries.ts';
import { listDeliveriesOf, listDeliveryPlaces, listKeyedEvents, type SearchKey } from '../store/search.ts';
import type { KeyedPlaces, SearchedList } from './search.ts';

/** Events looked up at once: each has its deliveries in any partition. */
const EVENTS_AT_ONCE = 200;
const ANY_EVENT = { type: null, subject: null, channel: null, from: null, to: null };

/** The deliveries of an account, to be searched by what their events are. */
export function searchedDeliveries(accountId: string, filter: DeliveryFilter): SearchedList {
  return {
    keyed: (db, key, after, limit) => keyed(db, { accountId, filter, key }, after, limit),
    places: (db, before, limit) => listDeliveryPlaces(db, accountId, filter, before, limit),
  };
}

interface Asked {
  readonly accountId: string;
  readonly filter: DeliveryFilter;
  readonly key: SearchKey;
}

/**
 * Those of one event stand together, so that no more events are read than a page takes.
 *
 * @param position the event whose deliveries come next, and of these the last one that was shown
 */
async function keyed(
  db: Queryable,
  { accountId, filter, key }: Asked,
  position: string | null,
  limit: number,
): Promise<KeyedPlaces> {
  const [eventId = null, id] = position?.split('_') ?? [];
  const after = eventId !== null && id !== undefined ? { eventId, id } : null;
  // What is shown after one of its deliveries has to be looked up once more.
  const begun = after === null ? [] : [after.eventId];
  const older = await listKeyedEvents(db, accountId, key, ANY_EVENT, eventId, EVENTS_AT_ONCE);
  const eventIds = [...begun, ...older];
  const found = await listDeliveriesOf(db, accountId, eventIds, filter, after, limit + 1);
  const ids = found.slice(0, limit).map((one) => one.id);
  const last = found[limit - 1];
  if (found.length > limit && last) return { ids, next: `${last.eventId}_${last.id}` };
  return { ids, next: older.length < EVENTS_AT_ONCE ? null : (older.at(-1) ?? null) };
}
