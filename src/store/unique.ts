import type { Queryable } from '../db/database.ts';

/** A delivery that is to be the only one that waits, for its webhook and key. */
export interface UniqueDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly uniqueKey: string | null;
}

/**
 * Keeps others from storing deliveries with the same keys until the transaction ends: in the order of the locks, so that
 * two that need several of them don't wait for each other.
 *
 * @param timeoutMs how long to wait at most, set for the whole transaction; null: as long as it takes
 * @throws the driver's lock time-out
 */
export async function lockUniqueKeys(
  db: Queryable,
  deliveries: readonly UniqueDelivery[],
  timeoutMs: number | null,
): Promise<void> {
  if (timeoutMs !== null) {
    await db.query("select set_config('lock_timeout', $1::text, true)", [String(timeoutMs)]);
  }
  await db.query(
    `select pg_advisory_xact_lock(key)
     from (select distinct hashtextextended(k.name, 0) as key from unnest($1::text[]) as k (name) order by 1) sorted`,
    [deliveries.map(nameOf)],
  );
}

/**
 * `pending` → `superseded`, for what the given deliveries take the place of. Of several given with one key the last one
 * stays. An attempt of it that is under way goes on, and is recorded.
 */
export async function supersede(
  db: Queryable,
  deliveries: readonly UniqueDelivery[],
  now: string,
): Promise<void> {
  const newest = newestOfEachKey(deliveries);
  await db.query(
    `update waybill.deliveries d
     set status = 'superseded', superseded_by = n.id, due_at = null, settled_at = $4::timestamptz
     from unnest($1::uuid[], $2::uuid[], $3::text[]) as n (id, webhook_id, unique_key)
     where d.webhook_id = n.webhook_id and d.unique_key = n.unique_key and d.status = 'pending' and d.id <> n.id`,
    [
      newest.map(({ id }) => id),
      newest.map(({ webhookId }) => webhookId),
      newest.map(({ uniqueKey }) => uniqueKey),
      now,
    ],
  );
}

/** Whether another delivery with its webhook and key waits. */
export async function hasRival(
  db: Queryable,
  { id, webhookId, uniqueKey }: UniqueDelivery,
): Promise<boolean> {
  const { rows } = await db.query(
    `select from waybill.deliveries
     where webhook_id = $1::uuid and unique_key = $2::text and status = 'pending' and id <> $3::uuid limit 1`,
    [webhookId, uniqueKey, id],
  );
  return rows.length > 0;
}

/** Without those that another one in the list takes the place of. */
export function newestOfEachKey<D extends UniqueDelivery>(deliveries: readonly D[]): readonly D[] {
  if (deliveries.every(({ uniqueKey }) => uniqueKey === null)) return deliveries;
  const newest = new Map(deliveries.map((one) => [nameOf(one), one.id]));
  return deliveries.filter((one) => one.uniqueKey === null || newest.get(nameOf(one)) === one.id);
}

function nameOf({ webhookId, uniqueKey }: UniqueDelivery): string {
  return `${webhookId} ${uniqueKey}`;
}
