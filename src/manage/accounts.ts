import type { Database } from '../db/database.ts';
import { invalid, notFound } from '../errors.ts';
import { type AccountRow, ensureAccount, findAccount, listAccounts, putAccount } from '../store/accounts.ts';
import { type Page, type PageRequest, readPage } from './page.ts';

export const ACCOUNT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MEMORY_OF_ACCOUNTS = 10_000;

export interface AccountView {
  id: string;
  name: string | null;
  createdAt: string;
}

/** The platform's customers. An account comes into being when the platform first names it. */
export class Accounts {
  readonly #database: Database;
  readonly #known = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Makes the account unless it is there.
   *
   * @throws WaybillError `validation_failed` for an id that can't be one
   */
  async ensure(id: string): Promise<void> {
    if (this.#known.has(id)) return;
    checkAccountId(id);
    await ensureAccount(this.#database, id);
    if (this.#known.size >= MEMORY_OF_ACCOUNTS) this.#known.clear();
    this.#known.add(id);
  }

  /** Makes the account, or changes its name. @throws WaybillError `validation_failed` */
  async put(id: string, name: string | null): Promise<AccountView> {
    checkAccountId(id);
    return accountView(await putAccount(this.#database, id, name));
  }

  /** @throws WaybillError `not_found` */
  async get(id: string): Promise<AccountView> {
    const row = ACCOUNT_ID.test(id) ? await findAccount(this.#database, id) : undefined;
    if (!row) throw notFound('account');
    return accountView(row);
  }

  /** By id. */
  list(request: PageRequest = {}): Promise<Page<AccountView>> {
    return readPage(request, (after, limit) => listAccounts(this.#database, after ?? '', limit), accountView);
  }
}

function accountView(row: AccountRow): AccountView {
  return { id: row.id, name: row.name, createdAt: row.createdAt.toISOString() };
}

/** @throws WaybillError `validation_failed` */
export function checkAccountId(id: string): void {
  if (ACCOUNT_ID.test(id)) return;
  throw invalid([
    {
      path: 'account',
      code: 'invalid',
      message: 'must be 1 to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit',
    },
  ]);
}
