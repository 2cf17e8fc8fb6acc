import type { Clock } from '../clock.ts';
import type { Queryable } from '../db/database.ts';
import { newId } from '../ids.ts';
import { publicKeyOf } from '../profile/secret.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { insertSecret, readPublicKeys, readSecrets, retireSecrets } from '../store/webhook-secrets.ts';
import { MAX_LIVE_SECRETS, tooManySecrets } from './webhook-limits.ts';

/** The signing secrets of webhooks, which are stored sealed. */
export class WebhookSecrets {
  readonly #keyring: Keyring;
  readonly #clock: Clock;

  constructor(keyring: Keyring, clock: Clock) {
    this.#keyring = keyring;
    this.#clock = clock;
  }

  async add(tx: Queryable, webhookId: string, secret: string): Promise<void> {
    const sealed = this.#keyring.seal(secret, webhookId);
    await insertSecret(tx, { id: newId(), webhookId, ...sealed, publicKey: publicKeyOf(secret) });
  }

  /**
   * Makes this the current secret. Those before sign beside it for so long at most.
   *
   * @returns until when they do, ISO 8601
   * @throws WaybillError `too_many_secrets` (409)
   */
  async replace(tx: Queryable, webhookId: string, secret: string, overlapMs: number): Promise<string> {
    const now = this.#clock.now();
    const until = new Date(now + overlapMs).toISOString();
    const live = await retireSecrets(tx, webhookId, new Date(now).toISOString(), until);
    if (live >= MAX_LIVE_SECRETS && overlapMs > 0) throw tooManySecrets();
    await this.add(tx, webhookId, secret);
    return until;
  }

  /** Those that sign now, the current one first. */
  async live(tx: Queryable, webhookId: string): Promise<string[]> {
    const rows = await readSecrets(tx, [webhookId]);
    const now = this.#clock.now();
    return rows
      .filter((row) => row.expiresAt === null || row.expiresAt.getTime() > now)
      .map((row) => this.#keyring.open(row, webhookId));
  }

  /** What receivers check the signatures of these webhooks with now, the current key first; of shared secrets none. */
  async publicKeys(db: Queryable, webhookIds: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
    if (webhookIds.length === 0) return new Map();
    const rows = await readPublicKeys(db, webhookIds, new Date(this.#clock.now()).toISOString());
    const keys = new Map<string, string[]>();
    for (const { webhookId, publicKey } of rows)
      keys.set(webhookId, [...(keys.get(webhookId) ?? []), publicKey]);
    return keys;
  }
}
