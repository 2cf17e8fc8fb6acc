import type { Queryable } from '../db/database.ts';
import type { OrderKey } from './due.ts';

/** The channel nodes tell each other on. */
export const CHANNEL = 'waybill';

/** What a node tells the others. Nobody relies on it: whoever misses it finds out by polling. */
export type Notification =
  | { readonly kind: 'due'; readonly webhookIds: readonly string[] }
  | { readonly kind: 'ordered'; readonly keys: readonly OrderKey[] }
  | { readonly kind: 'webhook'; readonly webhookIds: readonly string[] }
  | { readonly kind: 'lanes' }
  | { readonly kind: 'api-keys' };

/** What is told by itself, and not with what it tells of. */
type Told = Exclude<Notification, { kind: 'due' | 'ordered' }>;

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

// Of more subjects of one webhook each would cost a look of its own.
const KEYS_PER_WEBHOOK = 50;
const MAX_PAYLOAD_BYTES = 7_900;

/** The same of deliveries that were published just now: of those that must keep their order their keys are told, too. */
export function publishedPayloads(
  deliveries: readonly { readonly webhookId: string; readonly orderKey: string | null }[],
): string[] {
  const keysOf = new Map<string, Set<string | null>>();
  for (const { webhookId, orderKey } of deliveries) {
    keysOf.set(webhookId, (keysOf.get(webhookId) ?? new Set()).add(orderKey));
  }
  const isWhole = (keys: ReadonlySet<string | null>): boolean =>
    keys.has(null) || keys.size > KEYS_PER_WEBHOOK;
  const whole = [...keysOf].filter(([, keys]) => isWhole(keys)).map(([webhookId]) => webhookId);
  const ordered = [...keysOf].filter(([, keys]) => !isWhole(keys));
  return [...duePayloads(whole), ...ordered.flatMap(([webhookId, keys]) => orderedPayloads(webhookId, keys))];
}

function orderedPayloads(webhookId: string, keys: ReadonlySet<string | null>): string[] {
  const payloads: string[] = [];
  let some: (string | null)[] = [];
  const payloadOfSome = (): string => `ordered:${JSON.stringify([webhookId, ...some])}`;
  for (const key of keys) {
    some.push(key);
    if (Buffer.byteLength(payloadOfSome()) <= MAX_PAYLOAD_BYTES) continue;
    some.pop();
    payloads.push(payloadOfSome());
    some = [key];
  }
  return [...payloads, payloadOfSome()];
}

/** Undefined for what another version may have sent. */
export function parseNotification(payload: string): Notification | undefined {
  const colon = payload.indexOf(':');
  const kind = colon < 0 ? payload : payload.slice(0, colon);
  const rest = payload.slice(kind.length + 1);
  if (kind === 'ordered') return { kind, keys: parseKeys(rest) };
  if (kind === 'due' || kind === 'webhook') return { kind, webhookIds: rest.split(',').filter(Boolean) };
  if (kind === 'lanes' || kind === 'api-keys') return { kind };
  return undefined;
}

function parseKeys(json: string): OrderKey[] {
  const [webhookId = '', ...keys] = JSON.parse(json) as string[];
  return keys.map((orderKey) => ({ webhookId, orderKey }));
}

/** @param notification what to say, or the payload that says it */
export async function notify(db: Queryable, notification: string | Told): Promise<void> {
  await db.query(`select pg_notify('${CHANNEL}', $1::text)`, [payloadOf(notification)]);
}

function payloadOf(notification: string | Told): string {
  if (typeof notification === 'string') return notification;
  return notification.kind === 'webhook' ? `webhook:${notification.webhookIds.join(',')}` : notification.kind;
}
