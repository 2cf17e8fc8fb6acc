import type { Queryable } from '../db/database.ts';

export interface AccountRow extends Record<string, unknown> {
  id: string;
  name: string | null;
  createdAt: Date;
}

const COLUMNS = 'id, name, created_at as "createdAt"';

/** Makes the account unless it is there. */
export async function ensureAccount(db: Queryable, id: string): Promise<void> {
  await db.query('insert into waybill.accounts (id) values ($1::text) on conflict (id) do nothing', [id]);
}

/** Makes the account or changes its name. */
export async function putAccount(db: Queryable, id: string, name: string | null): Promise<AccountRow> {
  const { rows } = await db.query<AccountRow>(
    `insert into waybill.accounts (id, name) values ($1::text, $2::text)
     on conflict (id) do update set name = excluded.name
     returning ${COLUMNS}`,
    [id, name],
  );
  return rows[0] as AccountRow;
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
