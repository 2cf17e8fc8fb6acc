import type { Logger } from 'pino';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { DEADLOCK, logged, sqlState } from '../db/outage.ts';
import { conflict, notFound } from '../errors.ts';
import { fromWireId, newId, toWireId } from '../ids.ts';
import { parseInput } from '../input.ts';
import { generateSecret } from '../profile/secret.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { ensureAccount } from '../store/accounts.ts';
import { insertDelivery } from '../store/deliveries.ts';
import { insertEvent } from '../store/events.ts';
import { laneOf } from '../store/lanes.ts';
import { cancelAllOrphans } from '../store/orphans.ts';
import { insertSecret, readSecrets, retireSecrets } from '../store/webhook-secrets.ts';
import * as store from '../store/webhooks.ts';
import { checkAccountId } from './accounts.ts';
import type { ChangeSink } from './changes.ts';
import { type Page, type PageRequest, readPage } from './page.ts';
import { checkProfile } from './profile-rules.ts';
import { testEvent } from './test-event.ts';
import type { UrlRule } from './url-rule.ts';
import {
  DEFAULT_PROFILE,
  DEFAULT_TIMEOUT_MS,
  type NewWebhook,
  newWebhookSchema,
  secretSchema,
  type WebhookChanges,
  webhookChangesSchema,
} from './webhook-input.ts';
import { MAX_LIVE_SECRETS, tooManySecrets, tooManyWebhooks } from './webhook-limits.ts';
import { type WebhookView, webhookView } from './webhook-view.ts';

export interface WebhooksOptions {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly urlRule: UrlRule;
  readonly changes: ChangeSink;
  readonly log: Logger;
  /** How many an account may have. */
  readonly maxWebhooks: number;
}

const DEADLOCK_ROUNDS = 5;
const DEFAULT_OVERLAP_SECONDS = 86_400;

export const rotateSchema = z.strictObject({
  secret: secretSchema.optional(),
  overlapSeconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .optional(),
});
export type RotateInput = z.input<typeof rotateSchema>;

export const testSchema = z.strictObject({ eventType: z.string().optional() });

/** What an account does with its webhooks. Ids are those of the wire: `wh_…`. */
export class Webhooks {
  readonly #options: WebhooksOptions;

  constructor(options: WebhooksOptions) {
    this.#options = options;
  }

  /**
   * Makes a webhook, and the account with it if it is new.
   *
   * @returns the webhook and its signing secret, which is never shown again
   * @throws WaybillError `validation_failed`
   */
  async create(accountId: string, input: NewWebhook): Promise<WebhookView & { secret: string }> {
    checkAccountId(accountId);
    const value = parseInput(newWebhookSchema, input);
    const { database, urlRule, maxWebhooks } = this.#options;
    const url = await urlRule(value.url);
    const id = newId();
    const secret = value.secret ?? generateSecret();
    const profile = value.profile ?? DEFAULT_PROFILE;
    const headers = value.headers ?? {};
    checkProfile({ profile, url, headers, secrets: [secret] });
    const row = await database.transaction(async (tx) => {
      await ensureAccount(tx, accountId);
      if ((await store.countWebhooks(tx, accountId)) >= maxWebhooks) throw tooManyWebhooks(maxWebhooks);
      const inserted = await store.insertWebhook(
        tx,
        { id, accountId, lane: laneOf(id) },
        {
          name: value.name ?? new URL(url).hostname.slice(0, 200),
          url,
          events: value.events,
          channels: value.channels ?? [],
          status: value.status ?? 'active',
          profile,
          headers,
          retrySchedule: value.retry?.schedule ?? null,
          timeoutMs: value.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        },
      );
      await this.#insertSecret(tx, id, secret);
      return inserted;
    });
    return { ...webhookView(row), secret };
  }

  /** Newest first. */
  list(accountId: string, request: PageRequest = {}): Promise<Page<WebhookView>> {
    const { database } = this.#options;
    return readPage(
      request,
      (after, limit) => store.listWebhooks(database, accountId, after, limit),
      webhookView,
    );
  }

  /** @throws WaybillError `not_found` */
  async get(accountId: string, wireId: string): Promise<WebhookView> {
    const row = await store.findWebhook(this.#options.database, accountId, uuidOf(wireId));
    return webhookView(row ?? missing());
  }

  /**
   * Changes the given fields and no others. Disabling cancels what is pending.
   *
   * @throws WaybillError `not_found`, `validation_failed`
   */
  async update(accountId: string, wireId: string, changes: WebhookChanges): Promise<WebhookView> {
    const id = uuidOf(wireId);
    const value = parseInput(webhookChangesSchema, changes);
    const url = value.url === undefined ? undefined : await this.#options.urlRule(value.url);
    const row = await this.#changing(id, async (tx) => {
      const before = (await store.lockWebhook(tx, accountId, id)) ?? missing();
      const { retry, ...rest } = value;
      const settings = {
        ...before,
        ...rest,
        url: url ?? before.url,
        retrySchedule: retry === undefined ? before.retrySchedule : (retry?.schedule ?? null),
      };
      // Only then: a webhook that can't be sent to can still be renamed, or disabled.
      if (value.profile !== undefined || value.url !== undefined || value.headers !== undefined) {
        checkProfile({ ...settings, secrets: await this.#secretsOf(tx, id) });
      }
      const after = await store.updateWebhook(tx, accountId, id, settings);
      return after ?? missing();
    });
    if (row.status === 'disabled') await this.#cancelPending(id);
    return webhookView(row);
  }

  /** Deletes it for good and cancels what is pending; its past deliveries stay readable. */
  async delete(accountId: string, wireId: string): Promise<void> {
    const id = uuidOf(wireId);
    await this.#changing(id, async (tx) => {
      if (!(await store.deleteWebhook(tx, accountId, id))) throw missing();
    });
    await this.#cancelPending(id);
  }

  /** `active` → `paused`: deliveries are made and wait. @throws WaybillError `webhook_disabled` (409) */
  pause(accountId: string, wireId: string): Promise<WebhookView> {
    return this.#setStatus(accountId, wireId, ['active', 'paused'], 'paused');
  }

  /** `paused` or `disabled` → `active`: what waits is sent. */
  resume(accountId: string, wireId: string): Promise<WebhookView> {
    return this.#setStatus(accountId, wireId, ['active', 'paused', 'disabled'], 'active');
  }

  /**
   * Gives the webhook a new secret. Those before sign beside it for `overlapSeconds` at most (default a day).
   *
   * @returns the new secret, shown this once, and until when the old one signs
   */
  async rotateSecret(
    accountId: string,
    wireId: string,
    input: RotateInput = {},
  ): Promise<{ secret: string; previousExpiresAt: string }> {
    const id = uuidOf(wireId);
    const value = parseInput(rotateSchema, input);
    const secret = value.secret ?? generateSecret();
    const now = this.#options.clock.now();
    const overlapMs = (value.overlapSeconds ?? DEFAULT_OVERLAP_SECONDS) * 1000;
    const previousExpiresAt = new Date(now + overlapMs).toISOString();
    await this.#changing(id, async (tx) => {
      const webhook = (await store.lockWebhook(tx, accountId, id)) ?? missing();
      checkProfile({ ...webhook, secrets: [secret] });
      const live = await retireSecrets(tx, id, new Date(now).toISOString(), previousExpiresAt);
      if (live >= MAX_LIVE_SECRETS && overlapMs > 0) throw tooManySecrets();
      await this.#insertSecret(tx, id, secret);
      await store.touchWebhook(tx, id);
    });
    return { secret, previousExpiresAt };
  }

  /**
   * Sends a test event to this webhook alone, whatever events it wants.
   *
   * @throws WaybillError `webhook_disabled` (409)
   */
  async test(
    accountId: string,
    wireId: string,
    input: { eventType?: string } = {},
  ): Promise<{ id: string; deliveryId: string }> {
    const id = uuidOf(wireId);
    const { eventType } = parseInput(testSchema, input);
    const { database, changes } = this.#options;
    const deliveryId = newId();
    const eventId = await database.transaction(async (tx) => {
      const webhook = (await store.lockWebhook(tx, accountId, id)) ?? missing();
      if (webhook.status === 'disabled') throw disabled();
      const event = await testEvent(tx, webhook, eventType, this.#now());
      await insertEvent(tx, event, this.#now());
      await insertDelivery(tx, { id: deliveryId, accountId, webhookId: id }, event.id, this.#now());
      return event.id;
    });
    await changes.due(id);
    return { id: toWireId('evt', eventId), deliveryId: toWireId('dlv', deliveryId) };
  }

  async #setStatus(
    accountId: string,
    wireId: string,
    from: readonly store.WebhookStatus[],
    status: 'active' | 'paused',
  ): Promise<WebhookView> {
    const id = uuidOf(wireId);
    const row = await this.#changing(id, async (tx) => {
      const before = (await store.lockWebhook(tx, accountId, id)) ?? missing();
      if (before.status === status) return before;
      return (await store.setWebhookStatus(tx, accountId, id, from, status)) ?? disabled();
    });
    return webhookView(row);
  }

  /** Whoever sends for the webhook must learn of the change before the next attempt. */
  async #changing<T>(id: string, work: (tx: Queryable) => Promise<T>): Promise<T> {
    const result = await this.#transaction(work);
    await this.#options.changes.webhook(id);
    return result;
  }

  /** Settling locks deliveries first and their webhook then, changing a webhook the other way round. */
  async #transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    for (let round = 1; ; round += 1) {
      try {
        return await this.#options.database.transaction(work);
      } catch (error) {
        if (sqlState(error) !== DEADLOCK || round === DEADLOCK_ROUNDS) throw error;
      }
    }
  }

  /** After it is committed, in portions: the owner of its lane finishes it, should this process end meanwhile. */
  async #cancelPending(webhookId: string): Promise<void> {
    await cancelAllOrphans(this.#options.database, { webhookId }, this.#now()).catch((error: unknown) => {
      // What was asked for is committed: no reason to fail.
      this.#options.log.warn(logged(error), 'pending deliveries are cancelled later');
    });
  }

  async #secretsOf(tx: Queryable, webhookId: string): Promise<string[]> {
    const rows = await readSecrets(tx, [webhookId]);
    const now = this.#options.clock.now();
    return rows
      .filter((row) => row.expiresAt === null || row.expiresAt.getTime() > now)
      .map((row) => this.#options.keyring.open(row, webhookId));
  }

  async #insertSecret(tx: Queryable, webhookId: string, secret: string): Promise<void> {
    const sealed = this.#options.keyring.seal(secret, webhookId);
    await insertSecret(tx, { id: newId(), webhookId, ...sealed });
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}

function uuidOf(wireId: string): string {
  return fromWireId('wh', wireId) ?? missing();
}

function missing(): never {
  throw notFound('webhook');
}

function disabled(): never {
  throw conflict('webhook_disabled', 'The webhook is disabled. Resume it first.');
}
