import { z } from 'zod';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { conflict, notFound, WaybillError } from '../errors.ts';
import { fromWireId, type IdPrefix } from '../ids.ts';
import { parseInput } from '../input.ts';
import { orInUse } from '../publish/in-use.ts';
import { listAttempts } from '../store/attempts.ts';
import {
  cancelDelivery,
  type DeliveryRow,
  type DeliveryStatus,
  findDeliveries,
  findDelivery,
  hurryDelivery,
  listDeliveries,
  reviveDelivery,
  setDeliveryPriority,
} from '../store/deliveries.ts';
import { hasRival, lockUniqueKeys } from '../store/unique.ts';
import { findWebhook } from '../store/webhooks.ts';
import type { AttemptRequest, AttemptRequests } from './attempt-requests.ts';
import type { ChangeSink } from './changes.ts';
import {
  type DeliveryView,
  type DeliveryWithAttempts,
  deliveryView,
  deliveryWithAttempts,
} from './delivery-view.ts';
import { inOrder, type Page, type PageRequest, readPage } from './page.ts';
import type { Searcher } from './search.ts';
import { searchedDeliveries } from './searched-deliveries.ts';

// A transaction that publishes about the same and stays open must not keep a request, and its connection, for long.
const PATIENCE_MS = 1_000;

export interface DeliveriesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly changes: ChangeSink;
  readonly audit: Audit;
  readonly searcher: Searcher;
  readonly requests: AttemptRequests;
}

/** Which deliveries are asked for; ids are those of the wire, times ISO 8601. */
export interface DeliveryFilter {
  webhookId?: string;
  eventId?: string;
  /** The batch they went with last. */
  batchId?: string;
  eventType?: string;
  subject?: string;
  status?: DeliveryStatus;
  /** Made at this time or later, and before that one. */
  from?: string;
  to?: string;
  /** What finds their events: an id, a subject or the end of one, or a text or number anywhere in the data. */
  search?: string | undefined;
}

/** What can be changed of a delivery that waits. */
export const deliveryChangesSchema = z.strictObject({
  priority: z.int().min(0).max(9).nullable().describe('9 goes first, 0 last; null: as its webhook says.'),
});
export type DeliveryChanges = z.input<typeof deliveryChangesSchema>;

/** What happened to events on their way, and what can be done about it. Ids are those of the wire: `dlv_…`. */
export class Deliveries {
  readonly #options: DeliveriesOptions;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /**
   * Newest first; of a search, those of events that are found by id or subject first, by event.
   *
   * @throws WaybillError `invalid_id`, `validation_failed`; `search_timed_out` (503)
   */
  async list(
    accountId: string,
    filter: DeliveryFilter = {},
    request: PageRequest = {},
  ): Promise<Page<DeliveryView>> {
    const { database, searcher } = this.#options;
    const wanted = {
      webhookId: idFilter('wh', 'webhookId', filter.webhookId),
      eventId: idFilter('evt', 'eventId', filter.eventId),
      batchId: idFilter('bat', 'batchId', filter.batchId),
      eventType: filter.eventType ?? null,
      subject: filter.subject ?? null,
      status: filter.status ?? null,
      from: filter.from ?? null,
      to: filter.to ?? null,
    };
    if (filter.search !== undefined) {
      const list = searchedDeliveries(accountId, wanted);
      const page = await searcher.search(accountId, list, filter.search, request);
      const rows = await findDeliveries(database, accountId, page.items);
      return { ...page, items: inOrder(page.items, rows).map(deliveryView) };
    }
    return readPage(
      request,
      (after, limit) => listDeliveries(database, accountId, wanted, after, limit),
      deliveryView,
    );
  }

  /** @throws WaybillError `not_found` */
  async get(accountId: string, wireId: string): Promise<DeliveryWithAttempts> {
    return this.#options.database.transaction(async (tx) => {
      // One snapshot: between two statements an attempt may be written.
      await tx.exec('set transaction isolation level repeatable read, read only');
      const row = await this.#find(accountId, wireId, tx);
      return deliveryWithAttempts(row, await listAttempts(tx, accountId, row.id));
    });
  }

  /**
   * The request of one attempt, made once more as it was then.
   *
   * @throws WaybillError `not_found`; `webhook_deleted` (409)
   */
  requestOf(accountId: string, wireId: string, wireAttemptId: string): Promise<AttemptRequest> {
    return this.#options.requests.show(accountId, wireId, wireAttemptId);
  }

  /**
   * `failed` or `cancelled` → `pending`, due at once and with its retry schedule begun anew.
   *
   * @throws WaybillError `not_found`; `delivery_not_retryable`, `newer_delivery_pending`,
   *   `unique_item_in_use`, `webhook_deleted`, `webhook_disabled` (409)
   */
  async retry(accountId: string, wireId: string): Promise<DeliveryView> {
    const { database, clock, changes } = this.#options;
    const row = await this.#find(accountId, wireId);
    const webhook = await findWebhook(database, accountId, row.webhookId);
    if (!webhook) throw conflict('webhook_deleted', 'The webhook of this delivery has been deleted.');
    if (webhook.status === 'disabled') {
      throw conflict('webhook_disabled', 'The webhook of this delivery is disabled. Resume it first.');
    }
    const now = new Date(clock.now()).toISOString();
    await database.transaction(async (tx) => {
      await lockItem(tx, row);
      if (!(await reviveDelivery(tx, accountId, row.id, now, webhook.batch !== null))) {
        throw conflict('delivery_not_retryable', 'Only failed and cancelled deliveries can be sent again.');
      }
      if (row.uniqueKey !== null && (await hasRival(tx, row))) {
        throw conflict(
          'newer_delivery_pending',
          'A newer delivery about the same subject waits in its place.',
        );
      }
      await this.#record(tx, accountId, 'delivery.retried', wireId, row);
    });
    await changes.due(row.webhookId);
    return deliveryView(await this.#find(accountId, wireId));
  }

  /**
   * A pending delivery that waits for its next attempt is due at once; the schedule goes on from there.
   *
   * @throws WaybillError `not_found`; `delivery_not_pending`, `unique_item_in_use` (409)
   */
  async runNow(accountId: string, wireId: string): Promise<DeliveryView> {
    const { database, clock, changes } = this.#options;
    const row = await this.#find(accountId, wireId);
    await database.transaction(async (tx) => {
      await lockItem(tx, row);
      if (!(await hurryDelivery(tx, accountId, row.id, new Date(clock.now()).toISOString()))) {
        throw conflict(
          'delivery_not_pending',
          'Only pending deliveries can be made due. Retry an ended one.',
        );
      }
      await this.#record(tx, accountId, 'delivery.made-due', wireId, row);
    });
    await changes.due(row.webhookId);
    return deliveryView(await this.#find(accountId, wireId));
  }

  /**
   * Lets a pending delivery go before or after others of its webhook, on whichever node sends for it.
   *
   * @throws WaybillError `not_found`, `validation_failed`; `delivery_not_pending`, `unique_item_in_use` (409)
   */
  async update(accountId: string, wireId: string, input: DeliveryChanges): Promise<DeliveryView> {
    const { priority } = parseInput(deliveryChangesSchema, input);
    const { database, changes, audit } = this.#options;
    const row = await this.#find(accountId, wireId);
    await database.transaction(async (tx) => {
      await lockItem(tx, row);
      if (!(await setDeliveryPriority(tx, accountId, row.id, priority))) {
        throw conflict('delivery_not_pending', 'Only pending deliveries have a place among others.');
      }
      await audit.record(tx, {
        account: accountId,
        action: 'delivery.priority-changed',
        target: wireId,
        before: { priority: row.priority },
        after: { priority },
      });
    });
    // What its owner has in memory is read anew, in the new order.
    await changes.webhook(row.webhookId);
    return deliveryView(await this.#find(accountId, wireId));
  }

  /**
   * `pending` → `cancelled`. A request already under way isn't called back, and stays on record.
   *
   * @throws WaybillError `not_found`; `delivery_not_cancellable`, `unique_item_in_use` (409)
   */
  async cancel(accountId: string, wireId: string): Promise<DeliveryView> {
    const { database, clock, changes } = this.#options;
    const row = await this.#find(accountId, wireId);
    await database.transaction(async (tx) => {
      await lockItem(tx, row);
      if (!(await cancelDelivery(tx, accountId, row.id, new Date(clock.now()).toISOString()))) {
        throw conflict('delivery_not_cancellable', 'Only pending deliveries can be cancelled.');
      }
      await this.#record(tx, accountId, 'delivery.cancelled', wireId, row);
    });
    await changes.webhook(row.webhookId);
    return deliveryView(await this.#find(accountId, wireId));
  }

  async #record(
    tx: Queryable,
    account: string,
    action: 'delivery.retried' | 'delivery.cancelled' | 'delivery.made-due',
    target: string,
    { status }: DeliveryRow,
  ): Promise<void> {
    await this.#options.audit.record(tx, { account, action, target, before: { status } });
  }

  async #find(
    accountId: string,
    wireId: string,
    db: Queryable = this.#options.database,
  ): Promise<DeliveryRow> {
    const id = fromWireId('dlv', wireId);
    const row = id && (await findDelivery(db, accountId, id));
    if (!row) throw notFound('delivery');
    return row;
  }
}

/**
 * Until the transaction ends nobody else takes its place or waits in it. Whoever does and stays open has its row.
 *
 * @throws WaybillError `unique_item_in_use`
 */
async function lockItem(tx: Queryable, row: DeliveryRow): Promise<void> {
  if (row.uniqueKey === null) return;
  await orInUse('unique_item_in_use', lockUniqueKeys(tx, [row], PATIENCE_MS));
}

/** A list filtered by an id that can't be one is a mistake of the caller, not an empty list. */
function idFilter(prefix: IdPrefix, name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  const id = fromWireId(prefix, value);
  if (id === undefined)
    throw new WaybillError('invalid_id', 400, `${name}: is not an id such as ${prefix}_….`);
  return id;
}
