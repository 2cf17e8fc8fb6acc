import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { fromWireId, toWireId } from '../ids.ts';
import type { EventWarning } from '../publish/judge.ts';
import {
  type EventRow,
  findEvent,
  findEvents,
  listEvents,
  type EventFilter as WantedEvents,
} from '../store/events.ts';
import { listEventPlaces, listKeyedEvents } from '../store/search.ts';
import { inOrder, type Page, type PageRequest, readPage } from './page.ts';
import type { SearchedList, Searcher } from './search.ts';

/** An event as it is shown. */
export interface EventView {
  id: string;
  type: string;
  subject: string | null;
  channel: string | null;
  version: string | null;
  occurredAt: string;
  receivedAt: string;
  /** How many deliveries it has. */
  deliveries: number;
  /** What its data breaks of its type's schema; taken all the same. */
  warnings: EventWarning[];
  /** Whether it was made to try one webhook. */
  test: boolean;
  /** JSON text, byte for byte as it was published. */
  data: string;
}

export interface EventFilter {
  type?: string | null;
  subject?: string | null;
  channel?: string | null;
  /** Received at this time or later, and before that one. ISO 8601. */
  from?: string | null;
  to?: string | null;
  /** An id, a subject or the end of one, or a text or number anywhere in the data. */
  search?: string | undefined;
}

/** What was published. Ids are those of the wire: `evt_…`. */
export class Events {
  readonly #database: Database;
  readonly #searcher: Searcher;

  constructor(database: Database, searcher: Searcher) {
    this.#database = database;
    this.#searcher = searcher;
  }

  /**
   * Newest first; of a search, those that are found by id or subject first.
   *
   * @throws WaybillError `validation_failed`; `search_timed_out` (503)
   */
  async list(
    accountId: string,
    filter: EventFilter = {},
    request: PageRequest = {},
  ): Promise<Page<EventView>> {
    const { type = null, subject = null, channel = null, from = null, to = null } = filter;
    const wanted = { type, subject, channel, from, to };
    const database = this.#database;
    if (filter.search === undefined) {
      return readPage(
        request,
        (after, limit) => listEvents(database, accountId, wanted, after, limit),
        eventView,
      );
    }
    const list = searchedEvents(accountId, wanted);
    const page = await this.#searcher.search(accountId, list, filter.search, request);
    const rows = await findEvents(database, accountId, page.items);
    return { ...page, items: inOrder(page.items, rows).map(eventView) };
  }

  /** @throws WaybillError `not_found` */
  async get(accountId: string, wireId: string): Promise<EventView> {
    const id = fromWireId('evt', wireId);
    const row = id && (await findEvent(this.#database, accountId, id));
    if (!row) throw notFound('event');
    return eventView(row);
  }
}

function searchedEvents(accountId: string, filter: WantedEvents): SearchedList {
  return {
    keyed: async (db, key, after, limit) => {
      const ids = await listKeyedEvents(db, accountId, key, filter, after, limit + 1);
      return { ids: ids.slice(0, limit), next: ids.length > limit ? (ids[limit - 1] ?? null) : null };
    },
    places: (db, before, limit) => listEventPlaces(db, accountId, filter, before, limit),
  };
}

function eventView(row: EventRow): EventView {
  return {
    id: toWireId('evt', row.id),
    type: row.type,
    subject: row.subject,
    channel: row.channel,
    version: row.version,
    occurredAt: row.occurredAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    deliveries: row.deliveries,
    warnings: row.warnings ?? [],
    test: row.isTest,
    data: row.data,
  };
}
