import type { Queryable } from '../db/database.ts';
import { HEALTH_ALERTS, resolveAlerts } from '../store/alerts.ts';
import type { WebhookRow } from '../store/webhooks.ts';
import type { Missed } from './missed.ts';
import type { WebhookView } from './webhook-view.ts';

/** A webhook as it was, and as it is now. */
export interface WebhookChange {
  readonly before: WebhookRow;
  readonly after: WebhookRow;
}

/** `missed` where it was disabled before, and isn't any more. */
export type ChangedWebhook = WebhookView & { missed?: Missed };

export function isEnabled({ before, after }: WebhookChange): boolean {
  return before.status === 'disabled' && after.status !== 'disabled';
}

/**
 * Ends the alerts that a change has made untrue: whoever enables a webhook, or leads it elsewhere, begins anew.
 *
 * @param at now, ISO 8601
 */
export async function resolveUntrue(tx: Queryable, change: WebhookChange, at: string): Promise<void> {
  const { before, after } = change;
  if (isEnabled(change)) await resolveAlerts(tx, after.id, at, HEALTH_ALERTS);
  else if (before.firstFailureAt !== null && after.firstFailureAt === null) {
    await resolveAlerts(tx, after.id, at, ['webhook_will_be_disabled']);
  }
}
