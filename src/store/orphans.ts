import type { Database } from '../db/database.ts';
import { cancelOrphans } from './deliveries.ts';

const PORTION = 5_000;

/**
 * Cancels all that is pending for webhooks that have been disabled or deleted: of one webhook, or of all in some
 * lanes. The latter also finds what was published to one while it was being disabled (the publish had matched it
 * before, and committed later), and what a crash left over.
 *
 * @param now ISO 8601
 */
export async function cancelAllOrphans(
  database: Database,
  of: { readonly webhookId: string } | { readonly lanes: readonly number[] },
  now: string,
): Promise<void> {
  while ((await cancelOrphans(database, of, now, PORTION)) === PORTION);
}
