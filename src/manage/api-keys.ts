import { createHash, randomBytes } from 'node:crypto';
import type { Audit } from '../audit/audit.ts';
import type { Database } from '../db/database.ts';
import { conflict, misconfigured, notFound } from '../errors.ts';
import { fromWireId, newId, toWireId } from '../ids.ts';
import {
  type ApiKeyRow,
  findApiKeyByHash,
  hasPlatformKey,
  insertApiKey,
  listApiKeys,
  type NewApiKey,
  replacePlatformKey,
  revokeApiKey,
} from '../store/api-keys.ts';
import { notify } from '../store/notify.ts';

/** Whose key a request has: the platform's, which sees all accounts, or one account's. */
export type Identity = {
  /** A UUID. */
  readonly keyId: string;
  readonly keyName: string;
} & ({ readonly kind: 'platform' } | { readonly kind: 'account'; readonly accountId: string });

/** A key of an account as it is shown. */
export interface ApiKeyView {
  id: string;
  name: string;
  /** The last four characters. */
  hint: string;
  createdAt: string;
}

const KEY_PREFIX = 'wbk_';
/** The platform's key that the configuration gave: there is one at a time. */
const GIVEN_KEY_NAME = 'WAYBILL_API_KEY';
// A key revoked on another node stops working within this time even if nobody told this one.
const REMEMBER_MS = 10_000;
const MEMORY_OF_KEYS = 10_000;

/** The keys of the API. Only their hashes are stored. */
export class ApiKeys {
  readonly #database: Database;
  readonly #audit: Audit;
  readonly #known = new Map<string, { readonly identity: Identity | undefined; readonly until: number }>();

  constructor(database: Database, audit: Audit) {
    this.#database = database;
    this.#audit = audit;
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
   * Sees to it that the platform has a key: the given one, which then takes the place of the one given before, or a
   * new one if there is none at all yet.
   *
   * @returns the new key, to be shown this once; undefined if none was made
   * @throws WaybillError `misconfigured` if the given key is an account's
   */
  async ensurePlatformKey(given: string | undefined): Promise<string | undefined> {
    if (given === undefined) {
      if (await hasPlatformKey(this.#database)) return undefined;
      return (await this.create(null, 'first platform key')).key;
    }
    const row = newRow(given, null, GIVEN_KEY_NAME);
    if (!(await replacePlatformKey(this.#database, row))) {
      throw misconfigured("WAYBILL_API_KEY is an account's key; the platform needs one of its own.");
    }
    await this.#changed();
    return undefined;
  }

  /** Makes a key for one account, which must exist, or (null) for the platform. @returns the key, this once */
  async create(
    accountId: string | null,
    name: string,
  ): Promise<{ readonly id: string; readonly key: string }> {
    const key = KEY_PREFIX + randomBytes(32).toString('base64url');
    const row = newRow(key, accountId, name);
    const id = toWireId('key', row.id);
    await this.#database.transaction(async (tx) => {
      await insertApiKey(tx, row);
      const after = { name, hint: row.hint };
      await this.#audit.record(tx, { account: accountId, action: 'api-key.created', target: id, after });
    });
    this.forget();
    return { id, key };
  }

  /** The keys that work, of an account or (null) of the platform, without the keys themselves. */
  async list(accountId: string | null): Promise<ApiKeyView[]> {
    return (await listApiKeys(this.#database, accountId)).map(keyView);
  }

  /** @throws WaybillError `not_found`; `last_platform_key` (409), without which nobody could make another */
  async revoke(accountId: string | null, wireId: string): Promise<void> {
    const id = fromWireId('key', wireId);
    if (id === undefined) throw notFound('API key');
    await this.#database.transaction(async (tx) => {
      if (!(await revokeApiKey(tx, accountId, id))) throw notFound('API key');
      if (accountId === null && !(await hasPlatformKey(tx))) {
        throw conflict('last_platform_key', "This is the platform's last key. Make another one first.");
      }
      await this.#audit.record(tx, { account: accountId, action: 'api-key.revoked', target: wireId });
    });
    await this.#changed();
  }

  async #changed(): Promise<void> {
    this.forget();
    await notify(this.#database, { kind: 'api-keys' });
  }
}

function newRow(key: string, accountId: string | null, name: string): NewApiKey {
  return { id: newId(), accountId, name, hash: hashOf(key), hint: key.slice(-4) };
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function identityOf(row: ApiKeyRow): Identity {
  const key = { keyId: row.id, keyName: row.name };
  return row.accountId === null
    ? { kind: 'platform', ...key }
    : { kind: 'account', accountId: row.accountId, ...key };
}

function keyView(row: ApiKeyRow): ApiKeyView {
  return {
    id: toWireId('key', row.id),
    name: row.name,
    hint: row.hint,
    createdAt: row.createdAt.toISOString(),
  };
}
