import type { Queryable } from '../db/database.ts';

/** A delivery that is to be the only one that waits, for its webhook and key. */
export interface UniqueDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly uniqueKey: string | null;
}

/**
 * Keeps others from making deliveries with the same keys wait until the transaction ends, and fails in a transaction that
 * wouldn't see those that were made since it began. In one order, so that two that need several of them don't wait for
 * each other: keys come first, then the deliveries they are about.
 *
 * @param timeoutMs how long to wait at most, set for the whole transaction; null: as long as it takes
 * @throws the driver's lock time-out, and its serialization failure
 */
export async function lockUniqueKeys(
  db: Queryable,
  deliveries: readonly UniqueDelivery[],
  timeoutMs: number | null,
): Promise<void> {
  await db.query(
    `with patience as materialized (
       select set_config('lock_timeout', $3::text, true) where $3::text is not null
     )
     insert into waybill.unique_items (webhook_id, unique_key)
     select k.webhook_id, k.unique_key
     from (select count(*) from patience) set_before,
       (select distinct webhook_id, unique_key from unnest($1::uuid[], $2::text[]) as k (webhook_id, unique_key)) k
     order by k.webhook_id, k.unique_key
     on conflict (webhook_id, unique_key) do update set written_at = excluded.written_at`,
    [
      deliveries.map(({ webhookId }) => webhookId),
      deliveries.map(({ uniqueKey }) => uniqueKey),
      timeoutMs === null ? null : String(timeoutMs),
    ],
  );
}

/**
 * `pending` → `superseded`, for what the given deliveries take the place of. Of several given with one key the last one
 * stays. An attempt of it that is under way goes on, and is recorded. Rows are locked in the order of their ids.
 */
export async function supersede(
  db: Queryable,
  deliveries: readonly UniqueDelivery[],
  now: string,
): Promise<void> {
  const newest = newestOfEachKey(deliveries);
  await db.query(
    `with replaced as (
       select d.account_id, d.id, n.id as newer
       from unnest($1::uuid[], $2::uuid[], $3::text[]) as n (id, webhook_id, unique_key)
       join waybill.deliveries d on d.webhook_id = n.webhook_id and d.unique_key = n.unique_key
       where d.status = 'pending' and d.id <> n.id
       order by d.id for update of d
     )
     update waybill.deliveries d
     set status = 'superseded', superseded_by = r.newer, due_at = null, settled_at = $4::timestamptz
     from replaced r
     where d.account_id = r.account_id and d.id = r.id`,
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
