import type { Database, Queryable } from '../db/database.ts';

/** A row of `waybill.unique_items`. */
export interface UniqueItem extends Record<string, unknown> {
  webhookId: string;
  uniqueKey: string;
}

/** The next items after `after` that nobody has written for an hour, kept from others until the transaction ends. */
async function lockOldItems(tx: Queryable, after: UniqueItem | null, limit: number): Promise<UniqueItem[]> {
  const { rows } = await tx.query<UniqueItem>(
    `select webhook_id as "webhookId", unique_key as "uniqueKey" from waybill.unique_items
     where written_at < now() - interval '1 hour'
       and ($1::uuid is null or (webhook_id, unique_key) > ($1::uuid, $2::text))
     order by webhook_id, unique_key limit $3::integer
     for update skip locked`,
    [after?.webhookId ?? null, after?.uniqueKey ?? null, limit],
  );
  return rows;
}

/** Removes those of the items for which no delivery waits. */
async function deleteIdleItems(tx: Queryable, items: readonly UniqueItem[]): Promise<void> {
  await tx.query(
    `delete from waybill.unique_items i
     using unnest($1::uuid[], $2::text[]) as old (webhook_id, unique_key)
     where i.webhook_id = old.webhook_id and i.unique_key = old.unique_key and not exists (
       select from waybill.deliveries d
       where d.webhook_id = old.webhook_id and d.unique_key = old.unique_key and d.status = 'pending'
     )`,
    [items.map(({ webhookId }) => webhookId), items.map(({ uniqueKey }) => uniqueKey)],
  );
}

/**
 * Forgets the old items after `after`, at most `limit` of them, for which no delivery waits. Two statements, as only the
 * second one is sure to see what was made to wait before the first had their locks.
 *
 * @returns the last one it has looked at; null: there are no more
 */
export function forgetIdleItems(
  database: Database,
  after: UniqueItem | null,
  limit: number,
): Promise<UniqueItem | null> {
  return database.transaction(async (tx) => {
    const items = await lockOldItems(tx, after, limit);
    if (items.length > 0) await deleteIdleItems(tx, items);
    return items.length < limit ? null : (items.at(-1) ?? null);
  });
}
