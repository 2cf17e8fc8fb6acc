import { createHash } from 'node:crypto';
import type { OutgoingRequest } from '../egress/send.ts';

/**
 * Tells whether two requests are the same, byte for byte: where they go, their headers without those that say who sends,
 * and their bodies. It is kept with each attempt, as requests themselves would take too much room.
 *
 * @returns 64 bits, as a number in text
 */
export function fingerprintOf({
  url,
  headers,
  body,
}: Pick<OutgoingRequest, 'url' | 'headers' | 'body'>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([url, headers]))
    .update(body);
  return hash.digest().readBigInt64BE().toString();
}
