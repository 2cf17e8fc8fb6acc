import type { Queryable } from '../db/database.ts';

/** The channel nodes tell each other on. */
export const CHANNEL = 'waybill';

/** What a node tells the others. Nobody relies on it: whoever misses it finds out by polling. */
export type Notification =
  | { readonly kind: 'due'; readonly webhookIds: readonly string[] }
  | { readonly kind: 'webhook'; readonly webhookIds: readonly string[] }
  | { readonly kind: 'lanes' }
  | { readonly kind: 'api-keys' };

// A payload must stay below 8000 bytes; an id and its comma are 37.
export const IDS_PER_PAYLOAD = 200;

/** Payloads that say these webhooks have deliveries due. */
export function duePayloads(webhookIds: Iterable<string>): string[] {
  const ids = [...webhookIds];
  const payloads: string[] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_PAYLOAD) {
    payloads.push(`due:${ids.slice(start, start + IDS_PER_PAYLOAD).join(',')}`);
  }
  return payloads;
}

/** Undefined for what another version may have sent. */
export function parseNotification(payload: string): Notification | undefined {
  const [kind, rest = ''] = payload.split(':', 2);
  if (kind === 'due' || kind === 'webhook') return { kind, webhookIds: rest.split(',').filter(Boolean) };
  if (kind === 'lanes' || kind === 'api-keys') return { kind };
  return undefined;
}

/** @param notification what to say, or the payload that says it */
export async function notify(
  db: Queryable,
  notification: string | Exclude<Notification, { kind: 'due' }>,
): Promise<void> {
  await db.query(`select pg_notify('${CHANNEL}', $1::text)`, [payloadOf(notification)]);
}

function payloadOf(notification: string | Exclude<Notification, { kind: 'due' }>): string {
  if (typeof notification === 'string') return notification;
  return notification.kind === 'webhook' ? `webhook:${notification.webhookIds.join(',')}` : notification.kind;
}
