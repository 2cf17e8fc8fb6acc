import { z } from 'zod';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { fromWireId, toWireId } from '../ids.ts';
import {
  ALERT_KINDS,
  type AlertFilter,
  type AlertKind,
  type AlertParams,
  type AlertRow,
  acknowledgeAlert,
  findAlert,
  listAlerts,
} from '../store/alerts.ts';
import { type Page, type PageRequest, readPage } from './page.ts';

export const alertKindSchema = z.enum(ALERT_KINDS);

/** Something somebody should look at, as it is shown. */
export interface AlertView {
  id: string;
  /** null: it is about the account. */
  webhookId: string | null;
  /**
   * `deliveries_failing`: a delivery used up its retries. `webhook_disabled`: nothing is sent to it any more, by a 410 or
   * the rule of its profile. `webhook_will_be_disabled`: nothing has arrived for half of the time after which it is
   * disabled. `webhook_disabled_by_failures`: for all of it. `certificate_expires`: its client certificate expires within
   * 30 days, or has expired. `daily_limit_reached`: the account has published as many events as it may that day.
   */
  kind: AlertKind;
  status: 'open' | 'acknowledged' | 'resolved';
  message: string;
  /**
   * The values in the message, to word it in another language; null: raised before they were kept. `failureCode` and
   * `statusCode` are those of the last attempt.
   */
  params: AlertParams | null;
  /** The delivery that raised it last, null if none did; and how often it was raised since it was opened. */
  deliveryId: string | null;
  occurrences: number;
  createdAt: string;
  lastAt: string;
  acknowledgedAt: string | null;
  /** When a delivery arrived again, the certificate was replaced, the day ended, or the webhook was enabled or deleted. */
  resolvedAt: string | null;
}

/** What an account is told of by itself. A webhook has one open alert of a kind at most. Ids are `alr_…`. */
export class Alerts {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #audit: Audit;

  constructor(database: Database, clock: Clock, audit: Audit) {
    this.#audit = audit;
    this.#database = database;
    this.#clock = clock;
  }

  /** Newest first. @param filter `webhookId` is one of the wire: `wh_…` */
  async list(
    accountId: string,
    filter: AlertFilter = {},
    request: PageRequest = {},
  ): Promise<Page<AlertView>> {
    const webhookId = filter.webhookId === undefined ? undefined : fromWireId('wh', filter.webhookId);
    if (filter.webhookId !== undefined && webhookId === undefined) return { items: [], next: null };
    return readPage(
      request,
      (before, limit) => listAlerts(this.#database, accountId, { ...filter, webhookId }, before, limit),
      alertView,
    );
  }

  /** @throws WaybillError `not_found` */
  async get(accountId: string, wireId: string): Promise<AlertView> {
    const id = fromWireId('alr', wireId);
    const row = id && (await findAlert(this.#database, accountId, id));
    if (!row) throw notFound('alert');
    return alertView(row);
  }

  /** Somebody has seen it. Again changes nothing. @throws WaybillError `not_found` */
  async acknowledge(accountId: string, wireId: string): Promise<AlertView> {
    const id = fromWireId('alr', wireId);
    const now = new Date(this.#clock.now()).toISOString();
    const row =
      id &&
      (await this.#database.transaction(async (tx) => {
        const acknowledged = await acknowledgeAlert(tx, accountId, id, now);
        const change = { account: accountId, action: 'alert.acknowledged', target: wireId } as const;
        if (acknowledged) await this.#audit.record(tx, change);
        return acknowledged;
      }));
    if (!row) throw notFound('alert');
    return alertView(row);
  }
}

function alertView(row: AlertRow): AlertView {
  return {
    id: toWireId('alr', row.id),
    webhookId: row.webhookId && toWireId('wh', row.webhookId),
    kind: row.kind,
    status: row.resolvedAt ? 'resolved' : row.acknowledgedAt ? 'acknowledged' : 'open',
    message: row.message,
    params: row.params,
    deliveryId: row.deliveryId && toWireId('dlv', row.deliveryId),
    occurrences: row.occurrences,
    createdAt: row.createdAt.toISOString(),
    lastAt: row.lastAt.toISOString(),
    acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  };
}
