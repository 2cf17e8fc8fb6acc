import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { logged } from '../db/outage.ts';
import { EXPIRES_SOON_MS } from '../egress/client-identity.ts';
import { newId } from '../ids.ts';
import { Rounds } from '../rounds.ts';
import { resolveLimitAlerts } from '../store/account-alerts.ts';
import { raiseAlert } from '../store/alerts.ts';
import { deleteDailyUsage } from '../store/daily-usage.ts';
import { type ExpiringCertificateRow, takeExpiringCertificates } from '../store/expiring-certificates.ts';
import { takeWatch } from '../store/watch.ts';

export interface AlertWatchOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

const EVERY_MS = 3600 * 1000;
const PORTION = 500;
// The day of a node whose clock is late is still counted.
const DAYS_KEPT_MS = 2 * 24 * 3600 * 1000;

/** Looks now and then for what time alone brings about, and raises alerts of it. One node at a time looks. */
export class AlertWatch {
  readonly #options: AlertWatchOptions;
  readonly #rounds: Rounds;

  constructor(options: AlertWatchOptions) {
    this.#options = options;
    this.#rounds = new Rounds(options.clock, EVERY_MS, () => this.#look());
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #look(): Promise<void> {
    const { database, clock, log } = this.#options;
    try {
      let more = true;
      while (more && !this.#rounds.stopped) {
        more = await database.transaction(async (tx) => {
          if (!(await takeWatch(tx))) return false;
          await endDays(tx, clock.now());
          return (await tellOfCertificates(tx, clock.now())) === PORTION;
        });
      }
    } catch (error) {
      log.warn(logged(error), 'looking for what to alert of failed; it is tried again in an hour');
    }
  }
}

/** What was reached yesterday holds nobody up today. */
async function endDays(tx: Queryable, nowMs: number): Promise<void> {
  const now = new Date(nowMs).toISOString();
  await resolveLimitAlerts(tx, now.slice(0, 10), now);
  await deleteDailyUsage(tx, new Date(nowMs - DAYS_KEPT_MS).toISOString().slice(0, 10));
}

/** Returns how many there were. */
async function tellOfCertificates(tx: Queryable, nowMs: number): Promise<number> {
  const now = new Date(nowMs).toISOString();
  const soon = new Date(nowMs + EXPIRES_SOON_MS).toISOString();
  const rows = await takeExpiringCertificates(tx, { now, soon, limit: PORTION });
  for (const row of rows) {
    const { accountId, webhookId } = row;
    await raiseAlert(tx, {
      id: newId(),
      accountId,
      webhookId,
      deliveryId: null,
      at: now,
      kind: 'certificate_expires',
      message: messageOf(row, nowMs),
      params: paramsOf(row, nowMs),
      occurrences: 1,
    });
  }
  return rows.length;
}

function paramsOf({ subject, notAfter }: ExpiringCertificateRow, nowMs: number) {
  return { subject, notAfter, state: Date.parse(notAfter) <= nowMs ? 'expired' : 'expires' };
}

function messageOf({ subject, notAfter }: ExpiringCertificateRow, nowMs: number): string {
  const which = subject === '' ? 'The client certificate' : `The client certificate (${subject})`;
  return Date.parse(notAfter) <= nowMs
    ? `${which} expired on ${notAfter}. It is still shown, but receivers that check it refuse it: set another one.`
    : `${which} expires on ${notAfter}. Set another one before then.`;
}
