import type { Queryable } from '../db/database.ts';
import { newId } from '../ids.ts';
import { type AlertKind, type AlertParams, raiseAlert, resolveAlerts } from '../store/alerts.ts';
import type { Settlement } from '../store/settle.ts';
import { disableWebhook, type FailureRunRow, markWarned, noteFailures } from '../store/webhook-health.ts';
import { afterFailure, disabledFrom, failureLimitMs } from './failure-run.ts';
import { lastAttemptOf } from './trouble.ts';

/** By webhook, its failures that have something to say, none having arrived since. */
function toldOf(settlements: readonly Settlement[]): Map<string, Settlement[]> {
  const told = new Map<string, Settlement[]>();
  for (const settlement of settlements) {
    const { webhookId, outcome, failureRun } = settlement;
    if (outcome === 'delivered') told.delete(webhookId);
    if (failureRun === null) continue;
    const others = told.get(webhookId);
    if (others) others.push(settlement);
    else told.set(webhookId, [settlement]);
  }
  return told;
}

/**
 * Writes when webhooks began to fail, and what follows where nothing but failures has lasted: somebody is warned, and
 * later the webhook disabled. The memory of this node has asked for it; the database decides.
 *
 * @param settlements what has been written, in the order it happened
 * @param instanceDays how long it may last where a webhook doesn't say; 0: for ever
 * @returns of the webhooks that are disabled now, the settlement that did it
 */
export async function recordFailureRuns(
  tx: Queryable,
  settlements: readonly Settlement[],
  instanceDays: number,
): Promise<Settlement[]> {
  const told = toldOf(settlements);
  if (told.size === 0) return [];
  const disabled: Settlement[] = [];
  for (const run of await noteFailures(tx, [...told.values()].flat())) {
    const last = told.get(run.webhookId)?.at(-1);
    if (last && (await judge(tx, run, last, instanceDays))) disabled.push(last);
  }
  return disabled;
}

/** Returns whether the webhook is disabled now. */
async function judge(
  tx: Queryable,
  run: FailureRunRow,
  last: Settlement,
  instanceDays: number,
): Promise<boolean> {
  const limitMs = failureLimitMs(run.disableAfterDays, instanceDays);
  const since = run.since.getTime();
  const at = Date.parse(last.endedAt);
  const next = afterFailure({ since, warnedAt: run.warnedAt?.getTime() ?? null }, at, limitMs);
  if (limitMs === null || (next !== 'warn' && next !== 'disable')) return false;
  const { accountId, webhookId, url, endedAt } = last;
  const failed = `Nothing has arrived since ${run.since.toISOString()}: every attempt failed. The last one: ${last.failureReason}.`;
  const params = { since: run.since.toISOString(), ...lastAttemptOf(last) };
  if (next === 'warn') {
    await markWarned(tx, webhookId, endedAt);
    const from = new Date(disabledFrom({ since, warnedAt: at }, limitMs)).toISOString();
    const threat = `Unless one arrives, the next failure from ${from} on disables the webhook.`;
    await raise(tx, last, 'webhook_will_be_disabled', `${failed} ${threat}`, { ...params, from });
    return false;
  }
  if (!(await disableWebhook(tx, { accountId, webhookId, url, at: endedAt }, 'only_failures'))) return false;
  await resolveAlerts(tx, webhookId, endedAt, ['webhook_will_be_disabled']);
  await raise(tx, last, 'webhook_disabled_by_failures', `${failed} The webhook was disabled.`, params);
  return true;
}

function raise(
  tx: Queryable,
  { accountId, webhookId, deliveryId, endedAt }: Settlement,
  kind: AlertKind,
  message: string,
  params: AlertParams,
): Promise<void> {
  const about = { accountId, webhookId, deliveryId, at: endedAt };
  return raiseAlert(tx, { id: newId(), ...about, kind, message, params, occurrences: 1 });
}
