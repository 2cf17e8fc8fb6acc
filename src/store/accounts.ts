import type { Queryable } from '../db/database.ts';

/** What becomes of events that break a rule. */
export type Policy = 'off' | 'warn' | 'reject';

/** What somebody may set of an account; null: as its preset, or the instance, says. */
export interface AccountSettings {
  readonly name: string | null;
  readonly preset: string | null;
  readonly validation: Policy | null;
  readonly unknownTypes: Policy | null;
  /** How many events may be published a day (UTC); null: any number. */
  readonly eventsPerDay: number | null;
}

/** What decides over an account's events. */
export type AccountPolicies = Pick<AccountSettings, 'preset' | 'validation' | 'unknownTypes'>;

export interface AccountRow extends Record<string, unknown>, AccountSettings {
  id: string;
  createdAt: Date;
}

const COLUMNS =
  'id, name, preset, validation, unknown_types as "unknownTypes", events_per_day as "eventsPerDay", created_at as "createdAt"';

/**
 * Makes the account unless it is there.
 *
 * @param timeoutMs how long to wait at most for another transaction that is making it; null: as long as it takes. Only
 *   without a transaction: it stays in force until that ends
 * @throws the driver's lock time-out
 */
export async function ensureAccount(
  db: Queryable,
  id: string,
  timeoutMs: number | null = null,
): Promise<void> {
  await db.query(
    `with patience as materialized (
       select set_config('lock_timeout', $2::text, true) where $2::text is not null
     )
     insert into waybill.accounts (id) select $1::text from (select count(*) from patience) set_before
     on conflict (id) do nothing`,
    [id, timeoutMs === null ? null : String(timeoutMs)],
  );
}

/** Makes the account or sets all of this. Whoever publishes for it learns of its policies with its webhooks. */
export async function putAccount(db: Queryable, id: string, settings: AccountSettings): Promise<AccountRow> {
  const { rows } = await db.query<AccountRow>(
    `insert into waybill.accounts as a (id, name, preset, validation, unknown_types, events_per_day)
     values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::integer)
     on conflict (id) do update
     set name = excluded.name, preset = excluded.preset, validation = excluded.validation,
       unknown_types = excluded.unknown_types, events_per_day = excluded.events_per_day,
       webhooks_version = a.webhooks_version + 1
     returning ${COLUMNS}`,
    [id, settings.name, settings.preset, settings.validation, settings.unknownTypes, settings.eventsPerDay],
  );
  return rows[0] as AccountRow;
}

/** The same as `findAccount`, and keeps others from changing it until the transaction ends. */
export async function lockAccount(db: Queryable, id: string): Promise<AccountRow | undefined> {
  const { rows } = await db.query<AccountRow>(
    `select ${COLUMNS} from waybill.accounts where id = $1::text for update`,
    [id],
  );
  return rows[0];
}

export async function findAccount(db: Queryable, id: string): Promise<AccountRow | undefined> {
  const { rows } = await db.query<AccountRow>(`select ${COLUMNS} from waybill.accounts where id = $1::text`, [
    id,
  ]);
  return rows[0];
}

/** Accounts by id, those after `after`. */
export async function listAccounts(db: Queryable, after: string, limit: number): Promise<AccountRow[]> {
  const { rows } = await db.query<AccountRow>(
    `select ${COLUMNS} from waybill.accounts where id > $1::text order by id limit $2::integer`,
    [after, limit],
  );
  return rows;
}
