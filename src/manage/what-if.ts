import { z } from 'zod';
import { authorizationHeaderName } from '../auth/authorize.ts';
import type { AuthView } from '../auth/view.ts';
import { explainFilter } from '../condition/chosen-filters.ts';
import type { Condition } from '../condition/condition.ts';
import { explain as explainCondition } from '../condition/explain.ts';
import type { Limits } from '../config.ts';
import { OutgoingEvent } from '../dispatch/delivery.ts';
import { createLiveWebhook } from '../dispatch/live-webhook.ts';
import { prepareAlone } from '../dispatch/prepare-batch.ts';
import { invalid, notFound, type Params, within } from '../errors.ts';
import { fromWireId, newId, toWireId } from '../ids.ts';
import { parseInput } from '../input.ts';
import { checkEventInput, type EventInput } from '../publish/event.ts';
import { findAccount } from '../store/accounts.ts';
import { findDeliveryTo } from '../store/deliveries.ts';
import type { NewEvent } from '../store/enqueue.ts';
import { findEvent } from '../store/events.ts';
import { laneOf } from '../store/lanes.ts';
import type { WebhookRow } from '../store/webhooks.ts';
import * as store from '../store/webhooks.ts';
import { checkAccountId } from './accounts.ts';
import {
  conditionRule,
  type ExplainedRule,
  explainRules,
  filterRule,
  TEST_OF_ANOTHER,
} from './explain-rules.ts';
import { requireProfile } from './profile-rules.ts';
import { testEvent } from './test-event.ts';
import { newWebhookSchema, webhookChangesSchema } from './webhook-input.ts';
import type { WebhookParts, WebhooksOptions } from './webhooks.ts';

const asked = {
  /** One that was published. */
  eventId: z.string().optional(),
  /** One that is made up. */
  event: z.looseObject({}).optional(),
  /** The sample of this type; the default is the first the webhook wants. */
  eventType: z.string().optional(),
};

/** What is asked of a webhook there is: with these changes, if any. */
export const whatIfSchema = z.strictObject({ ...asked, webhook: webhookChangesSchema.optional() });
/** What is asked of one that isn't saved yet. */
export const draftSchema = z.strictObject({ ...asked, webhook: newWebhookSchema });
export type WhatIf = z.input<typeof whatIfSchema>;
export type DraftWhatIf = z.input<typeof draftSchema>;
type Asked = { eventId?: string | undefined; event?: object | undefined; eventType?: string | undefined };

/** A published one may have been made to try one webhook. */
type AskedEvent = NewEvent & { readonly isTest?: boolean };

/** Whether a webhook gets an event, and why. */
export interface Explained {
  fires: boolean;
  /** All that must hold, in the order it is asked. */
  rules: ExplainedRule[];
  /** The condition, rule by rule; null if it has none. */
  condition: ReturnType<typeof explainCondition> | null;
  /** The delivery there is of a published event to this webhook; null if there is none. */
  deliveryId: string | null;
}

/** A request as it would be sent, or why none would be. */
export type Previewed =
  | { method: 'POST'; url: string; headers: Record<string, string>; body: string }
  | { failure: { code: string; reason: string; params?: Params } };

/** In the place of what a preview mustn't show. */
const HIDDEN = '(hidden)';

/** Answers what a webhook would do, saved or not, without doing it. */
export class WhatIfs {
  readonly #options: WebhooksOptions;
  readonly #parts: WebhookParts;
  readonly #limits: Limits;

  constructor(options: WebhooksOptions, parts: WebhookParts, limits: Limits) {
    this.#options = options;
    this.#parts = parts;
    this.#limits = limits;
  }

  /**
   * Whether the webhook, with the given changes, would get an event, and why not.
   *
   * @throws WaybillError `not_found`, `validation_failed` for changes that can't be saved
   */
  async explain(accountId: string, wireId: string, input: WhatIf = {}): Promise<Explained> {
    const value = parseInput(whatIfSchema, input);
    const { row } = await this.#changed(accountId, wireId, value.webhook ?? {});
    return this.#explain(row, await this.#event(row, value), value.eventId);
  }

  /** The same for a webhook that isn't saved. @throws WaybillError `validation_failed` for one that can't be */
  async explainDraft(accountId: string, input: DraftWhatIf): Promise<Explained> {
    const value = parseInput(draftSchema, input);
    const { row } = await this.#draft(accountId, value.webhook);
    return this.#explain(row, await this.#event(row, value), undefined);
  }

  /**
   * The request of a first attempt, made now: body, headers and signature as they would be sent; of the header that
   * says who sends only the name.
   *
   * @throws WaybillError `not_found`, `validation_failed` for changes that can't be saved
   */
  async preview(accountId: string, wireId: string, input: WhatIf = {}): Promise<Previewed> {
    const value = parseInput(whatIfSchema, input);
    const { row, auth } = await this.#changed(accountId, wireId, value.webhook ?? {});
    const secrets = await this.#parts.secrets.live(this.#options.database, row.id);
    return this.#preview(row, await this.#event(row, value), secrets, auth);
  }

  /** The same for a webhook that isn't saved: signed with the given secret, or with one made up. */
  async previewDraft(accountId: string, input: DraftWhatIf): Promise<Previewed> {
    const value = parseInput(draftSchema, input);
    const { row, auth, secret } = await this.#draft(accountId, value.webhook);
    return this.#preview(row, await this.#event(row, value), [secret], auth);
  }

  async #explain(row: WebhookRow, event: AskedEvent, eventId: string | undefined): Promise<Explained> {
    const { database, clock } = this.#options;
    const condition = row.condition as Condition | null;
    const explained = condition && explainCondition(condition, JSON.parse(event.data), clock.now());
    const rules = explainRules(row, event);
    rules.push(...this.#explainFilters(row, JSON.parse(event.data)));
    if (explained) rules.push(conditionRule(explained));
    const delivery =
      eventId === undefined ? undefined : await findDeliveryTo(database, row.accountId, row.id, event.id);
    if (event.isTest && eventId !== undefined && delivery === undefined) rules.unshift(TEST_OF_ANOTHER);
    return {
      fires: rules.every(({ holds }) => holds),
      rules,
      condition: explained,
      deliveryId: delivery === undefined ? null : toWireId('dlv', delivery),
    };
  }

  /** Each is a rule by itself. */
  #explainFilters({ profile, filters }: WebhookRow, data: unknown): ExplainedRule[] {
    const { catalogs, clock } = this.#options;
    const offered = catalogs.preset(profile)?.filters ?? [];
    return Object.keys(filters).map((name) => {
      const title = offered.find((one) => one.name === name)?.title ?? name;
      return filterRule(title, explainFilter(filters, name, data, clock.now()));
    });
  }

  #preview(row: WebhookRow, event: NewEvent, secrets: readonly string[], auth: AuthView | null): Previewed {
    const { catalogs, clock } = this.#options;
    requireProfile(catalogs, row.profile);
    const profile = catalogs.profile(row.profile, row.payloadVersion);
    if (!profile) throw notFound('profile');
    const live = createLiveWebhook(
      row,
      profile,
      secrets.map((text) => ({ text, expiresAt: null })),
      // What they hold isn't shown, and so isn't opened.
      { auth: null, tls: undefined },
    );
    const delivery = {
      id: newId(),
      accountId: row.accountId,
      event: new OutgoingEvent(event),
      attempts: 0,
      tries: 0,
      round: 0,
      orderKey: null,
      uniqueKey: null,
      priority: null,
      dueAt: clock.now(),
      batchId: null,
    };
    const prepared = prepareAlone(delivery, live, clock.now(), 0);
    if ('failure' in prepared) return { failure: prepared.failure };
    const body = Buffer.from(prepared.body).toString('utf8');
    const name = authorizationHeaderName(auth);
    const headers = { ...prepared.headers, ...(name !== null && { [name]: HIDDEN }) };
    return { method: 'POST', url: prepared.url, headers, body };
  }

  async #changed(
    accountId: string,
    wireId: string,
    changes: z.output<typeof webhookChangesSchema>,
  ): Promise<{ row: WebhookRow; auth: AuthView | null }> {
    const { database, catalogs } = this.#options;
    const { checks } = this.#parts;
    const id = fromWireId('wh', wireId);
    const before = id && (await store.findWebhook(database, accountId, id));
    if (!before) throw notFound('webhook');
    await catalogs.refresh(database);
    return within('webhook', async () => {
      const parts = await checks.judgeParts(changes);
      await checks.readFor(database, changes, 'ask');
      const settings = await checks.checkChanged(database, before, changes, parts);
      const auth = await checks.authAfter(database, before.id, parts.credentials);
      return { row: withSettings(before, settings), auth };
    });
  }

  async #draft(
    accountId: string,
    draft: z.output<typeof newWebhookSchema>,
  ): Promise<{ row: WebhookRow; auth: AuthView | null; secret: string }> {
    checkAccountId(accountId);
    const { checks } = this.#parts;
    const { settings, auth, secret } = await within('webhook', async () => {
      const parts = await checks.judgeParts(draft);
      return checks.checkNew(this.#options.database, accountId, draft, parts, 'ask');
    });
    const id = newId();
    const now = new Date(this.#options.clock.now());
    const fresh = {
      id,
      accountId,
      lane: laneOf(id),
      disabledReason: null,
      health: 'healthy' as const,
      failingSince: null,
      disabledAt: null,
      missedSince: null,
      firstFailureAt: null,
      failuresWarnedAt: null,
      exhausted: 0,
      revision: 1,
      createdAt: now,
      updatedAt: now,
    };
    return { row: withSettings(fresh, settings), auth, secret };
  }

  async #event(row: WebhookRow, { eventId, event, eventType }: Asked): Promise<AskedEvent> {
    const { database, catalogs, clock } = this.#options;
    if ([eventId, event, eventType].filter((one) => one !== undefined).length > 1) {
      throw invalid([
        { path: 'eventId', code: 'not_allowed', message: 'give one of eventId, event, eventType' },
      ]);
    }
    if (eventId !== undefined) {
      const id = fromWireId('evt', eventId);
      const found = id && (await findEvent(database, row.accountId, id));
      if (!found) throw notFound('event');
      return { ...found, occurredAt: found.occurredAt.toISOString(), warnings: null };
    }
    const now = new Date(clock.now()).toISOString();
    if (event === undefined) {
      const preset = (await findAccount(database, row.accountId))?.preset ?? null;
      return testEvent(catalogs, preset, row, eventType, now);
    }
    // It is checked here, whatever it is.
    const checked = checkEventInput(event as EventInput, 'event', this.#limits);
    const { idempotencyKey: _key, path: _path, ...rest } = checked;
    return {
      ...rest,
      id: newId(),
      accountId: row.accountId,
      occurredAt: checked.occurredAt ?? now,
      warnings: null,
    };
  }
}

/** A webhook as it would be with these settings. */
function withSettings(
  row: Omit<WebhookRow, keyof store.WebhookSettings>,
  { events, channels, headers, retrySchedule, ...settings }: store.WebhookSettings,
): WebhookRow {
  return {
    ...(row as WebhookRow),
    ...settings,
    events: [...events],
    channels: [...channels],
    headers: { ...headers },
    retrySchedule: retrySchedule && [...retrySchedule],
  };
}
