import type { Audit, Change } from '../audit/audit.ts';
import type { Queryable } from '../db/database.ts';
import { toWireId } from '../ids.ts';
import type { WebhookRow } from '../store/webhooks.ts';
import type { JudgedCredentials } from './webhook-credentials.ts';

/** What of a webhook people set. */
const SET = [
  'name',
  'url',
  'events',
  'channels',
  'status',
  'profile',
  'payloadVersion',
  'headers',
  'retrySchedule',
  'timeoutMs',
  'condition',
  'filters',
  'batch',
  'payload',
  'unique',
  'priority',
  'ordering',
  'ratePerSecond',
  'maxInFlight',
  'tlsCa',
  'disableAfterDays',
] as const;

export interface WebhookChange {
  readonly action: Change['action'];
  readonly before?: WebhookRow;
  readonly after?: WebhookRow;
  /** What it authenticates with, if that is set too. */
  readonly judged?: JudgedCredentials;
}

/** Writes down a change of a webhook. */
export async function recordWebhook(audit: Audit, tx: Queryable, change: WebhookChange): Promise<void> {
  const { action, before, after, judged } = change;
  const row = after ?? before;
  if (!row) return;
  await audit.record(tx, {
    account: row.accountId,
    action,
    target: toWireId('wh', row.id),
    before: before && settingsOf(before),
    after: after && { ...settingsOf(after), ...credentialsOf(judged) },
  });
}

function settingsOf(row: WebhookRow): Record<string, unknown> {
  return Object.fromEntries(SET.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]));
}

/** That they were set, or taken away; what they are is taken out before it is written. */
function credentialsOf(judged: JudgedCredentials | undefined): Record<string, unknown> {
  const { auth, clientCertificate } = judged ?? {};
  return {
    ...(auth === undefined ? {} : { auth }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
}
