import type { Queryable } from '../db/database.ts';
import { newId } from '../ids.ts';
import { type AlertParams, raiseAlert } from '../store/alerts.ts';
import type { Settlement } from '../store/settle.ts';
import { countExhausted, disableWebhook } from '../store/webhook-health.ts';

/** What goes in one request fails once: it counts once, and is told of once. */
export function oneOfEachBatch(settlements: readonly Settlement[]): Settlement[] {
  const seen = new Set<string>();
  return settlements.filter(({ batchId }) => {
    if (batchId === null) return true;
    const isFirst = !seen.has(batchId);
    seen.add(batchId);
    return isFirst;
  });
}

/** Deliveries of one webhook that were given up, none having arrived since. */
interface Run {
  readonly last: Settlement;
  readonly count: number;
}

/** The last run of deliveries given up, for each webhook that has one: one that arrives ends a run. */
function runsOf(settlements: readonly Settlement[]): Run[] {
  const runs = new Map<string, Run>();
  for (const settlement of settlements) {
    const { webhookId, status, statusReason } = settlement;
    if (status === 'delivered') runs.delete(webhookId);
    if (statusReason !== 'exhausted') continue;
    runs.set(webhookId, { last: settlement, count: (runs.get(webhookId)?.count ?? 0) + 1 });
  }
  return [...runs.values()];
}

/**
 * Writes what deliveries that were given up mean for their webhooks, as the failing rules of their profiles say: marked
 * as failing, an alert, disabled.
 *
 * @param settlements what has been written, in the order it happened
 * @returns of the webhooks that are disabled now, the settlement that did it
 */
export async function recordExhausted(
  tx: Queryable,
  settlements: readonly Settlement[],
): Promise<Settlement[]> {
  const disabled: Settlement[] = [];
  for (const { last, count } of runsOf(settlements)) {
    const { failing, accountId, webhookId } = last;
    if (!failing) continue;
    const mark = failing.actions.includes('mark');
    const total = await countExhausted(tx, {
      accountId,
      webhookId,
      count,
      ...failing,
      mark,
      at: last.endedAt,
    });
    if (total === undefined || total < failing.after) continue;
    if (failing.actions.includes('alert')) {
      await raise(tx, last, 'deliveries_failing', givenUp(last), triedOf(last), count);
    }
    if (!failing.actions.includes('disable')) continue;
    if (!(await disableWebhook(tx, { ...last, at: last.endedAt }, 'failing'))) continue;
    await raise(
      tx,
      last,
      'webhook_disabled',
      `${givenUp(last)} The webhook was disabled.`,
      { why: 'failing', ...triedOf(last) },
      1,
    );
    disabled.push(last);
  }
  return disabled;
}

/**
 * Disables the webhooks whose receivers answered 410, unless their URL has been changed since: then what answered
 * isn't where it leads now.
 *
 * @returns the settlements of those that are disabled now
 */
export async function recordGone(tx: Queryable, settlements: readonly Settlement[]): Promise<Settlement[]> {
  const disabled: Settlement[] = [];
  for (const settlement of settlements) {
    const failed = { ...settlement, at: settlement.endedAt };
    if (settlement.statusReason !== 'gone' || !(await disableWebhook(tx, failed, 'gone'))) continue;
    await raise(
      tx,
      settlement,
      'webhook_disabled',
      'The receiver answered 410 Gone: the webhook was disabled.',
      { why: 'gone' },
      1,
    );
    disabled.push(settlement);
  }
  return disabled;
}

function raise(
  tx: Queryable,
  { accountId, webhookId, deliveryId, endedAt }: Settlement,
  kind: 'deliveries_failing' | 'webhook_disabled',
  message: string,
  params: AlertParams,
  occurrences: number,
): Promise<void> {
  return raiseAlert(tx, {
    id: newId(),
    accountId,
    webhookId,
    deliveryId,
    at: endedAt,
    kind,
    message,
    params,
    occurrences,
  });
}

/** The values in what `givenUp` says. */
function triedOf(last: Settlement): AlertParams {
  return { attempts: last.number, deliveries: last.batchItems ?? 1, ...lastAttemptOf(last) };
}

/**
 * How the last attempt ended, for whoever words it in another language. The values of its reason are named after it, as the
 * alert has values of its own: `failureHost` is its `host`.
 */
export function lastAttemptOf({ failureCode, failureParams, statusCode }: Settlement): AlertParams {
  const values = Object.entries(failureParams ?? {}).map(([name, value]) => [
    `failure${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    value,
  ]);
  return {
    ...Object.fromEntries(values),
    failureCode: failureCode ?? '',
    ...(statusCode !== null && { statusCode }),
  };
}

function givenUp({ number, failureReason, batchItems }: Settlement): string {
  const times = number === 1 ? 'one attempt' : `${number} attempts`;
  const what = batchItems === null || batchItems === 1 ? 'A delivery' : `A batch of ${batchItems} deliveries`;
  return `${what} was given up after ${times}. The last one: ${failureReason}.`;
}
