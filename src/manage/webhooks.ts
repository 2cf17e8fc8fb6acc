import type { Logger } from 'pino';
import type { Audit } from '../audit/audit.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { logged } from '../db/outage.ts';
import { notFound } from '../errors.ts';
import { fromWireId, newId } from '../ids.ts';
import { parseInput } from '../input.ts';
import { secretKindOf } from '../profile/profile.ts';
import { generateSecret } from '../profile/secret.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { ensureAccount } from '../store/accounts.ts';
import { resolveAlerts } from '../store/alerts.ts';
import { laneOf } from '../store/lanes.ts';
import { cancelAllOrphans } from '../store/orphans.ts';
import * as store from '../store/webhooks.ts';
import { checkAccountId } from './accounts.ts';
import type { ChangeSink } from './changes.ts';
import { holdPresets } from './held-preset.ts';
import { inTransaction } from './in-transaction.ts';
import { findMissed } from './missed.ts';
import { type Page, type PageRequest, readPage } from './page.ts';
import { checkProfile, requireProfile } from './profile-rules.ts';
import { sendTest } from './send-test.ts';
import type { UrlRule } from './url-rule.ts';
import { recordWebhook } from './webhook-audit.ts';
import { type ChangedWebhook, isEnabled, resolveUntrue, type WebhookChange } from './webhook-change.ts';
import { WebhookChecks } from './webhook-checks.ts';
import { WebhookCredentials } from './webhook-credentials.ts';
import {
  type NewWebhook,
  newWebhookSchema,
  type RotateInput,
  rotateSchema,
  type WebhookChanges,
  webhookChangesSchema,
} from './webhook-input.ts';
import { tooManyWebhooks, webhookDisabled } from './webhook-limits.ts';
import { WebhookSecrets } from './webhook-secrets.ts';
import type { WebhookView } from './webhook-view.ts';
import { WebhookViews } from './webhook-views.ts';

export interface WebhooksOptions {
  readonly database: Database;
  readonly catalogs: Catalogs;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly urlRule: UrlRule;
  readonly changes: ChangeSink;
  readonly audit: Audit;
  readonly log: Logger;
  /** How many an account may have. */
  readonly maxWebhooks: number;
  /** How many days of nothing but failures disable a webhook that doesn't say; 0: none do. */
  readonly disableAfterDays: number;
}

/** What webhooks consist of beside their rows, and what they are checked for. */
export interface WebhookParts {
  readonly secrets: WebhookSecrets;
  readonly credentials: WebhookCredentials;
  readonly checks: WebhookChecks;
}

export function createWebhookParts(options: WebhooksOptions): WebhookParts {
  const secrets = new WebhookSecrets(options.keyring, options.clock);
  const credentials = new WebhookCredentials(options);
  return { secrets, credentials, checks: new WebhookChecks(options, secrets, credentials) };
}

const DEFAULT_OVERLAP_SECONDS = 86_400;

/** What an account does with its webhooks. Ids are those of the wire: `wh_…`. */
export class Webhooks {
  readonly #options: WebhooksOptions;
  readonly #secrets: WebhookSecrets;
  readonly #credentials: WebhookCredentials;
  readonly #checks: WebhookChecks;
  readonly #views: WebhookViews;

  constructor(options: WebhooksOptions, parts: WebhookParts) {
    this.#options = options;
    this.#secrets = parts.secrets;
    this.#credentials = parts.credentials;
    this.#checks = parts.checks;
    this.#views = new WebhookViews(options, this.#secrets, this.#credentials);
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
    const { database, maxWebhooks, audit } = this.#options;
    const parts = await this.#checks.judgeParts(value);
    const id = newId();
    const { row, secret } = await inTransaction(database, async (tx) => {
      await ensureAccount(tx, accountId);
      const { settings, secret } = await this.#checks.checkNew(tx, accountId, value, parts, 'hold');
      if ((await store.countWebhooks(tx, accountId)) >= maxWebhooks) throw tooManyWebhooks(maxWebhooks);
      const key = { id, accountId, lane: laneOf(id) };
      const row = await store.insertWebhook(tx, key, settings, this.#now());
      await this.#credentials.set(tx, id, parts.credentials);
      await this.#secrets.add(tx, id, secret);
      await recordWebhook(audit, tx, { action: 'webhook.created', after: row, judged: parts.credentials });
      return { row, secret };
    });
    return { ...(await this.#views.one(row)), secret };
  }

  /** Newest first. */
  async list(accountId: string, request: PageRequest = {}): Promise<Page<WebhookView>> {
    const { database } = this.#options;
    const page = await readPage(
      request,
      (after, limit) => store.listWebhooks(database, accountId, after, limit),
      (row) => row,
    );
    return { ...page, items: await this.#views.all(page.items) };
  }

  /** @throws WaybillError `not_found` */
  async get(accountId: string, wireId: string): Promise<WebhookView> {
    const row = await store.findWebhook(this.#options.database, accountId, uuidOf(wireId));
    return this.#views.one(row ?? missing());
  }

  /**
   * Changes the given fields and no others. Disabling cancels what is pending.
   *
   * @returns of a webhook that was disabled and isn't any more, also what it has missed
   * @throws WaybillError `not_found`, `validation_failed`
   */
  async update(accountId: string, wireId: string, changes: WebhookChanges): Promise<ChangedWebhook> {
    const id = uuidOf(wireId);
    const value = parseInput(webhookChangesSchema, changes);
    const { audit } = this.#options;
    const parts = await this.#checks.judgeParts(value);
    const changed = await this.#changing(id, async (tx) => {
      await this.#checks.readFor(tx, value, 'hold');
      const before = (await store.lockWebhook(tx, accountId, id)) ?? missing();
      const settings = await this.#checks.checkChanged(tx, before, value, parts);
      await this.#credentials.set(tx, id, parts.credentials);
      const after = (await store.updateWebhook(tx, accountId, id, settings, this.#now())) ?? missing();
      await recordWebhook(audit, tx, { action: 'webhook.updated', before, after, judged: parts.credentials });
      await resolveUntrue(tx, { before, after }, this.#now());
      return { before, after };
    });
    if (changed.after.status === 'disabled') await this.#cancelPending(id);
    return this.#changed(changed);
  }

  /** Deletes it for good and cancels what is pending; its past deliveries stay readable. */
  async delete(accountId: string, wireId: string): Promise<void> {
    const id = uuidOf(wireId);
    await this.#changing(id, async (tx) => {
      const before = (await store.lockWebhook(tx, accountId, id)) ?? missing();
      if (!(await store.deleteWebhook(tx, accountId, id))) throw missing();
      await recordWebhook(this.#options.audit, tx, { action: 'webhook.deleted', before });
      await this.#credentials.forget(tx, id);
      await resolveAlerts(tx, id, this.#now());
    });
    await this.#cancelPending(id);
  }

  /** `active` → `paused`: deliveries are made and wait. @throws WaybillError `webhook_disabled` (409) */
  async pause(accountId: string, wireId: string): Promise<WebhookView> {
    const { after } = await this.#setStatus(accountId, wireId, ['active', 'paused'], 'paused');
    return this.#views.one(after);
  }

  /**
   * `paused` or `disabled` → `active`: what waits is sent.
   *
   * @returns of a webhook that was disabled, also what it has missed
   */
  async resume(accountId: string, wireId: string): Promise<ChangedWebhook> {
    return this.#changed(
      await this.#setStatus(accountId, wireId, ['active', 'paused', 'disabled'], 'active'),
    );
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
    const { catalogs, audit } = this.#options;
    const overlapMs = (value.overlapSeconds ?? DEFAULT_OVERLAP_SECONDS) * 1000;
    return this.#changing(id, async (tx) => {
      await holdPresets(tx, catalogs);
      const webhook = (await store.lockWebhook(tx, accountId, id)) ?? missing();
      const kind = secretKindOf(requireProfile(catalogs, webhook.profile));
      const secret = value.secret ?? generateSecret(kind);
      checkProfile(catalogs, { ...webhook, auth: null, secrets: [secret] });
      const previousExpiresAt = await this.#secrets.replace(tx, id, secret, overlapMs);
      await store.touchWebhook(tx, id);
      const after = { name: webhook.name, overlapSeconds: overlapMs / 1000, previousExpiresAt };
      await audit.record(tx, { account: accountId, action: 'webhook.secret-rotated', target: wireId, after });
      return { secret, previousExpiresAt };
    });
  }

  /**
   * Sends a test event to this webhook alone, whatever events it wants.
   *
   * @throws WaybillError `webhook_disabled` (409)
   */
  test(
    accountId: string,
    wireId: string,
    input: { eventType?: string } = {},
  ): Promise<{ id: string; deliveryId: string }> {
    return sendTest(this.#options, accountId, uuidOf(wireId), input);
  }

  async #setStatus(
    accountId: string,
    wireId: string,
    from: readonly store.WebhookStatus[],
    status: 'active' | 'paused',
  ): Promise<WebhookChange> {
    const id = uuidOf(wireId);
    return this.#changing(id, async (tx) => {
      const before = (await store.lockWebhook(tx, accountId, id)) ?? missing();
      if (before.status === status) return { before, after: before };
      const after = (await store.setWebhookStatus(tx, accountId, id, from, status)) ?? disabled();
      const action = status === 'paused' ? 'webhook.paused' : 'webhook.resumed';
      await recordWebhook(this.#options.audit, tx, { action, before, after });
      await resolveUntrue(tx, { before, after }, this.#now());
      return { before, after };
    });
  }

  async #changed({ before, after }: WebhookChange): Promise<ChangedWebhook> {
    const { database, clock } = this.#options;
    const view = await this.#views.one(after);
    return isEnabled({ before, after })
      ? { ...view, missed: await findMissed(database, after, clock) }
      : view;
  }

  /** Whoever sends for the webhook must learn of the change before the next attempt. */
  async #changing<T>(id: string, work: (tx: Queryable) => Promise<T>): Promise<T> {
    const result = await inTransaction(this.#options.database, work);
    await this.#options.changes.webhook(id);
    return result;
  }

  /** After it is committed, in portions: the owner of its lane finishes it, should this process end meanwhile. */
  async #cancelPending(webhookId: string): Promise<void> {
    await cancelAllOrphans(this.#options.database, { webhookId }, this.#now()).catch((error: unknown) => {
      // What was asked for is committed: no reason to fail.
      this.#options.log.warn(logged(error), 'pending deliveries are cancelled later');
    });
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
  throw webhookDisabled();
}
