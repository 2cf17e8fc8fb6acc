import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { fromWireId, toWireId } from '../ids.ts';
import type { EventWarning } from '../publish/judge.ts';
import { type EventRow, findEvent, listEvents } from '../store/events.ts';
import { type Page, type PageRequest, readPage } from './page.ts';

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
}

/** What was published. Ids are those of the wire: `evt_…`. */
export class Events {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first. */
  list(accountId: string, filter: EventFilter = {}, request: PageRequest = {}): Promise<Page<EventView>> {
    const { type = null, subject = null, channel = null } = filter;
    return readPage(
      request,
      (after, limit) => listEvents(this.#database, accountId, { type, subject, channel }, after, limit),
      eventView,
    );
  }

  /** @throws WaybillError `not_found` */
  async get(accountId: string, wireId: string): Promise<EventView> {
    const id = fromWireId('evt', wireId);
    const row = id && (await findEvent(this.#database, accountId, id));
    if (!row) throw notFound('event');
    return eventView(row);
  }
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
