import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

const SECRET_PREFIX = 'whsec_';
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
const NEW_SECRET_BYTES = 32;

/** A new signing secret: `whsec_` and base64 of 32 random bytes. */
export function generateSecret(): string {
  return SECRET_PREFIX + randomBytes(NEW_SECRET_BYTES).toString('base64');
}

/** The key in a secret: base64 of 24 to 64 bytes behind `whsec_`. Undefined for anything else. */
export function parseSecret(secret: string): KeyObject | undefined {
  const base64 = secret.slice(SECRET_PREFIX.length);
  if (!secret.startsWith(SECRET_PREFIX) || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const key = Buffer.from(base64, 'base64');
  if (key.length < MIN_SECRET_BYTES || key.length > MAX_SECRET_BYTES) return undefined;
  if (key.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, '')) return undefined;
  return createSecretKey(key);
}

export interface StandardWebhooksEvent {
  readonly type: string;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
  /** JSON, which goes out as it is. */
  readonly data: string;
}

/** The body: type, timestamp and data, in this order. The same for every attempt. */
export function standardWebhooksBody(event: StandardWebhooksEvent): string {
  return `{"type":${JSON.stringify(event.type)},"timestamp":"${event.occurredAt}","data":${event.data}}`;
}

/**
 * `webhook-id`, `webhook-timestamp` and `webhook-signature` of one attempt. Each key gives one signature
 * (HMAC-SHA256 of `id.timestamp.body`), so that a receiver that still has the old secret verifies as well.
 *
 * @param timestampSeconds of this attempt, since 1970
 */
export function standardWebhooksHeaders(
  id: string,
  timestampSeconds: number,
  body: Uint8Array,
  keys: readonly KeyObject[],
): Record<string, string> {
  const signatures = keys.map((key) => {
    const mac = createHmac('sha256', key).update(`${id}.${timestampSeconds}.`).update(body);
    return `v1,${mac.digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}
