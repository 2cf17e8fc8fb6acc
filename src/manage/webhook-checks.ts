import type { z } from 'zod';
import { type AuthView, viewAuth } from '../auth/view.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import type { Clock } from '../clock.ts';
import type { ChosenFilters } from '../condition/chosen-filters.ts';
import type { Queryable } from '../db/database.ts';
import { secretKindOf } from '../profile/profile.ts';
import { generateSecret } from '../profile/secret.ts';
import { findAccount } from '../store/accounts.ts';
import type { WebhookRow, WebhookSettings } from '../store/webhooks.ts';
import { chooseFilters, givenFilters } from './filter-rules.ts';
import { holdPresets } from './held-preset.ts';
import { checkProfile, requireProfile } from './profile-rules.ts';
import { checkTemplate } from './template-rules.ts';
import type { UrlRule } from './url-rule.ts';
import type { JudgedCredentials, WebhookCredentials } from './webhook-credentials.ts';
import type { newWebhookSchema, webhookChangesSchema } from './webhook-input.ts';
import type { WebhookSecrets } from './webhook-secrets.ts';
import { changedSettings, newSettings } from './webhook-settings.ts';

type NewValue = z.output<typeof newWebhookSchema>;
type ChangedValue = z.output<typeof webhookChangesSchema>;

/** What of an input is judged by itself, whatever else the webhook is. */
export interface JudgedParts {
  /** Normalised; undefined: it isn't given. */
  readonly url: string | undefined;
  readonly credentials: JudgedCredentials;
}

/** A webhook that may be made. */
export interface CheckedNewWebhook {
  readonly settings: WebhookSettings;
  readonly credentials: JudgedCredentials;
  readonly auth: AuthView | null;
  /** The one given, or a new one. */
  readonly secret: string;
}

/** What of a webhook is judged together with its profile. */
const PROFILED = ['profile', 'payloadVersion', 'url', 'events', 'headers', 'auth'] as const;

/** What decides which samples a template is rendered from, and the template. */
const TEMPLATED = ['payload', 'events', 'profile'] as const;

/** What is held against catalogs, which must be those of this moment. */
const CATALOGED = [...PROFILED, ...TEMPLATED, 'filters'] as const;

/** Whether presets are kept as they are until the webhook is written, or only asked: where it isn't written at all. */
export type PresetUse = 'hold' | 'ask';

/** Whether a change must agree with the profile. A webhook that can't be sent to can still be renamed, or disabled. */
function touchesProfile(changes: ChangedValue): boolean {
  return PROFILED.some((field) => changes[field] !== undefined);
}

export interface WebhookChecksOptions {
  readonly catalogs: Catalogs;
  readonly urlRule: UrlRule;
  readonly clock: Clock;
}

/**
 * All that a webhook is checked for beyond the form of its fields, when it is made, changed, or only asked about: so
 * what can't be saved can't be tried either.
 */
export class WebhookChecks {
  readonly #catalogs: Catalogs;
  readonly #urlRule: UrlRule;
  readonly #clock: Clock;
  readonly #secrets: WebhookSecrets;
  readonly #credentials: WebhookCredentials;

  constructor(
    { catalogs, urlRule, clock }: WebhookChecksOptions,
    secrets: WebhookSecrets,
    credentials: WebhookCredentials,
  ) {
    this.#catalogs = catalogs;
    this.#urlRule = urlRule;
    this.#clock = clock;
    this.#secrets = secrets;
    this.#credentials = credentials;
  }

  /** May take a while, so not in a transaction: names are resolved. @throws WaybillError `validation_failed` */
  async judgeParts(value: ChangedValue): Promise<JudgedParts> {
    const url = value.url === undefined ? undefined : await this.#urlRule(value.url);
    return { url, credentials: await this.#credentials.judge(value) };
  }

  /**
   * @param parts what `judgeParts` has made of it
   * @throws WaybillError `validation_failed`
   */
  async checkNew(
    db: Queryable,
    accountId: string,
    value: NewValue,
    { url = value.url, credentials }: JudgedParts,
    use: PresetUse,
  ): Promise<CheckedNewWebhook> {
    const catalogs = this.#catalogs;
    await this.#read(db, use);
    const preset = (await findAccount(db, accountId))?.preset ?? null;
    const profile = value.profile ?? catalogs.defaultProfile(preset);
    const secret = value.secret ?? generateSecret(secretKindOf(requireProfile(catalogs, profile)));
    const filters = chooseFilters(catalogs, profile, value.filters ?? {});
    const settings = newSettings(value, { url, profile, tlsCa: credentials.tlsCa, filters });
    const auth = credentials.auth ? viewAuth(credentials.auth) : null;
    checkProfile(catalogs, { ...settings, auth, secrets: [secret] });
    checkTemplate(catalogs, preset, settings, this.#clock.now());
    return { settings, credentials, auth, secret };
  }

  /** What changes are held against, as it is now. To be called before the webhook is locked: see `lockCatalog`. */
  async readFor(db: Queryable, value: ChangedValue, use: PresetUse): Promise<void> {
    if (CATALOGED.some((field) => value[field] !== undefined)) await this.#read(db, use);
  }

  /**
   * To be called after `readFor`.
   *
   * @param parts what `judgeParts` has made of the same changes
   * @throws WaybillError `validation_failed`
   */
  async checkChanged(
    db: Queryable,
    before: WebhookRow,
    value: ChangedValue,
    { url, credentials }: JudgedParts,
  ): Promise<WebhookSettings> {
    const filters = this.#filtersAfter(before, value);
    const settings = changedSettings(before, value, { url, tlsCa: credentials.tlsCa, filters });
    if (touchesProfile(value)) {
      const auth = await this.authAfter(db, before.id, credentials);
      checkProfile(this.#catalogs, { ...settings, auth, secrets: await this.#secrets.live(db, before.id) });
    }
    if (TEMPLATED.some((field) => value[field] !== undefined)) {
      const preset = (await findAccount(db, before.accountId))?.preset ?? null;
      checkTemplate(this.#catalogs, preset, settings, this.#clock.now());
    }
    return settings;
  }

  async #read(db: Queryable, use: PresetUse): Promise<void> {
    if (use === 'hold') await holdPresets(db, this.#catalogs);
    else await this.#catalogs.refresh(db);
  }

  /** Those of another profile are others, even where they have the same names. */
  #filtersAfter(before: WebhookRow, { profile, filters }: ChangedValue): ChosenFilters | undefined {
    if (profile === undefined && filters === undefined) return undefined;
    const name = requireProfile(this.#catalogs, profile ?? before.profile).name;
    return chooseFilters(this.#catalogs, name, filters ?? givenFilters(before.filters));
  }

  /** What says who sends once a change is made. */
  async authAfter(db: Queryable, id: string, { auth }: JudgedCredentials): Promise<AuthView | null> {
    if (auth !== undefined) return auth && viewAuth(auth);
    return (await this.#credentials.views(db, [id]))(id).auth;
  }
}
