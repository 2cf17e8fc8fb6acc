import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { fromWireId, newId, toWireId } from '../ids.ts';
import {
  type ApiKeyRow,
  findApiKeyByHash,
  hasPlatformKey,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
} from '../store/api-keys.ts';
import { notify } from '../store/notify.ts';

/** Who makes a request: the platform, which sees all accounts, or one account. */
export type Identity =
  | { readonly kind: 'platform' }
  | { readonly kind: 'account'; readonly accountId: string };

/** A key of an account as it is shown. */
export interface ApiKeyView {
  id: string;
  name: string;
  /** The last four characters. */
  hint: string;
  createdAt: string;
}

const KEY_PREFIX = 'wbk_';
// A key revoked on another node stops working within this time even if nobody told this one.
const REMEMBER_MS = 10_000;
const MEMORY_OF_KEYS = 10_000;

/** The keys of the API. Only their hashes are stored. */
export class ApiKeys {
  readonly #database: Database;
  readonly #known = new Map<string, { readonly identity: Identity | undefined; readonly until: number }>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whose key this is; undefined if it isn't one, or has been revoked. */
  async identify(key: string): Promise<Identity | undefined> {
    const hash = hashOf(key);
    const name = hash.toString('base64');
    const known = this.#known.get(name);
    if (known && known.until > Date.now()) return known.identity;
    const row = await findApiKeyByHash(this.#database, hash);
    const identity = row ? identityOf(row) : undefined;
    if (this.#known.size >= MEMORY_OF_KEYS) this.#known.clear();
    this.#known.set(name, { identity, until: Date.now() + REMEMBER_MS });
    return identity;
  }

  /** Keys have changed: ask the database again. */
  forget(): void {
    this.#known.clear();
  }

  /**
   * Sees to it that the platform has a key: the given one, or a new one if there is none at all yet.
   *
   * @returns the new key, to be shown this once; undefined if none was made
   */
  async ensurePlatformKey(given: string | undefined): Promise<string | undefined> {
    if (given === undefined && (await hasPlatformKey(this.#database))) return undefined;
    const key = given ?? generateKey();
    await this.#insert(key, null, 'first platform key');
    return given === undefined ? key : undefined;
  }

  /** Makes a key for one account, which must exist. @returns the key, which can't be read again */
  async create(accountId: string, name: string): Promise<{ readonly id: string; readonly key: string }> {
    const key = generateKey();
    return { id: toWireId('key', await this.#insert(key, accountId, name)), key };
  }

  /** The account's keys that work, without the keys themselves. */
  async list(accountId: string): Promise<ApiKeyView[]> {
    return (await listApiKeys(this.#database, accountId)).map(keyView);
  }

  /** @throws WaybillError `not_found` */
  async revoke(accountId: string, wireId: string): Promise<void> {
    const id = fromWireId('key', wireId);
    if (id === undefined || !(await revokeApiKey(this.#database, accountId, id))) throw notFound('API key');
    this.forget();
    await notify(this.#database, { kind: 'api-keys' });
  }

  async #insert(key: string, accountId: string | null, name: string): Promise<string> {
    const id = newId();
    await insertApiKey(this.#database, { id, accountId, name, hash: hashOf(key), hint: key.slice(-4) });
    this.forget();
    return id;
  }
}

function generateKey(): string {
  return KEY_PREFIX + randomBytes(32).toString('base64url');
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function identityOf(row: ApiKeyRow): Identity {
  return row.accountId === null ? { kind: 'platform' } : { kind: 'account', accountId: row.accountId };
}

function keyView(row: ApiKeyRow): ApiKeyView {
  return {
    id: toWireId('key', row.id),
    name: row.name,
    hint: row.hint,
    createdAt: row.createdAt.toISOString(),
  };
}
