import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { fromWireId, toWireId } from '../ids.ts';
import { type EventFilter, type EventRow, findEvent, listEvents } from '../store/events.ts';
import { type Page, type PageRequest, pageOf } from './page.ts';

/** An event as it is shown, but for its data: that is JSON text, byte for byte as it was published. */
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
}

/** What was published. Ids are those of the wire: `evt_…`. */
export class Events {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(accountId: string, filter: EventFilter, request: PageRequest): Promise<Page<EventRow>> {
    const rows = await listEvents(this.#database, accountId, filter, request.after, request.limit + 1);
    return pageOf(rows, request.limit, (row) => row.id);
  }

  /** @throws WaybillError `not_found` */
  async get(accountId: string, wireId: string): Promise<EventRow> {
    const id = fromWireId('evt', wireId);
    const row = id && (await findEvent(this.#database, accountId, id));
    if (!row) throw notFound('event');
    return row;
  }
}

export function eventView(row: EventRow): EventView {
  return {
    id: toWireId('evt', row.id),
    type: row.type,
    subject: row.subject,
    channel: row.channel,
    version: row.version,
    occurredAt: row.occurredAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    deliveries: row.deliveries,
  };
}
