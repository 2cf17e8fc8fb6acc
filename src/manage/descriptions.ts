import type { Catalogs } from '../catalog/catalogs.ts';
import { describeWebhooksAsync } from '../catalog/describe/async-api.ts';
import type { Described } from '../catalog/describe/described.ts';
import { describeWebhooks } from '../catalog/describe/openapi.ts';
import type { EventType } from '../catalog/event-type.ts';
import { payloadVersionsOf } from '../catalog/preset.ts';
import type { Database } from '../db/database.ts';
import { DEFAULT_RETRY_SCHEDULE } from '../dispatch/retry.ts';
import { invalid, notFound } from '../errors.ts';
import { matchesPattern } from '../event-pattern.ts';
import { findAccount } from '../store/accounts.ts';
import type { WebhookView } from './webhook-view.ts';

/** What is to be described. */
export interface DescriptionRequest {
  /** Default: that of the instance, else the default wire format with all event types in use. */
  readonly preset?: string | undefined;
  /** Of payloads. Default: the usual one of each event type. */
  readonly version?: string | undefined;
}

/** What is to be described of what an account gets. */
export type AccountDescriptionRequest =
  /** What a webhook of it is sent: the event types it wants, in the version it gets. */
  | { readonly webhook: DescribedWebhook }
  /** Whatever webhooks of this profile would be. Default: that of the account. */
  | { readonly profile?: string | undefined };

type DescribedWebhook = Pick<WebhookView, 'profile' | 'payloadVersion' | 'events' | 'payload'>;

// Of each preset in each version, in both languages; a platform has a few.
const MEMORY_OF_TEXTS = 64;
const MEMORY_OF_CHARS = 32 * 1024 * 1024;

/** What webhooks send, described for those who receive it. */
export class Descriptions {
  readonly #database: Database;
  readonly #catalogs: Catalogs;
  readonly #texts = new Map<string, string>();
  #chars = 0;
  /** Of the catalog the texts are about. */
  #version = Number.NaN;

  constructor(database: Database, catalogs: Catalogs) {
    this.#database = database;
    this.#catalogs = catalogs;
  }

  /** As OpenAPI 3.1: JSON. @throws WaybillError `not_found`, `validation_failed` for a version there isn't */
  openApi(request: DescriptionRequest = {}): Promise<string> {
    return this.#text('openapi', request, describeWebhooks);
  }

  /** As AsyncAPI 3.0: JSON. @throws WaybillError `not_found`, `validation_failed` for a version there isn't */
  asyncApi(request: DescriptionRequest = {}): Promise<string> {
    return this.#text('asyncapi', request, describeWebhooksAsync);
  }

  /**
   * What webhooks of an account send of the event types it sees, as OpenAPI 3.1: JSON. Without a webhook, each version of
   * an event type is an entry of its own.
   *
   * @throws WaybillError `not_found` for an unknown profile
   */
  async openApiFor(accountId: string, request: AccountDescriptionRequest = {}): Promise<string> {
    await this.#catalogs.refreshIfOld(this.#database);
    const preset = (await findAccount(this.#database, accountId))?.preset ?? null;
    if ('webhook' in request) {
      const { profile, payloadVersion, events, payload } = request.webhook;
      return this.#remembered(
        ['webhook', preset, profile, payloadVersion, events, payload?.mimeType ?? null],
        () => describeWebhooks(this.#ofWebhook(preset, request.webhook)),
      );
    }
    const profile = request.profile ?? this.#catalogs.defaultProfile(preset);
    return this.#remembered(['account', preset, profile], () => {
      return describeWebhooks({ ...this.#ofAccount(preset, profile), told: 'every' });
    });
  }

  #ofWebhook(accountPreset: string | null, webhook: DescribedWebhook): Described {
    const described = this.#ofAccount(accountPreset, webhook.profile);
    const wanted = described.eventTypes.filter(({ name }) =>
      webhook.events.some((pattern) => matchesPattern(pattern, name)),
    );
    return {
      ...described,
      eventTypes: wanted,
      told: 'sent',
      version: webhook.payloadVersion,
      ...(webhook.payload && { template: webhook.payload.mimeType }),
    };
  }

  /** The types an account sees, as webhooks of a profile get them: those of its preset are what is sent. */
  #ofAccount(accountPreset: string | null, profile: string) {
    const preset = this.#catalogs.preset(profile);
    const format = preset && this.#catalogs.formatOf(preset);
    if (!preset || !format) throw notFound('profile');
    const eventTypes = this.#catalogs.typesInUse(accountPreset).map((type): EventType => {
      return preset.eventTypes.get(type.name) ?? { ...type, payload: null, versions: new Map() };
    });
    return { preset, format, eventTypes, version: null, retrySchedule: DEFAULT_RETRY_SCHEDULE };
  }

  /** Anybody may ask, as often as they like: it is written once until the catalog changes. */
  async #text(
    language: string,
    request: DescriptionRequest,
    describe: (described: Described) => object,
  ): Promise<string> {
    await this.#catalogs.refreshIfOld(this.#database);
    return this.#remembered([language, request.preset, request.version], () => {
      return describe(this.#described(request));
    });
  }

  #remembered(question: readonly unknown[], describe: () => object): string {
    if (this.#version !== this.#catalogs.version) this.#forget();
    const key = JSON.stringify(question);
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const text = JSON.stringify(describe());
    if (this.#texts.size >= MEMORY_OF_TEXTS || this.#chars + text.length > MEMORY_OF_CHARS) this.#forget();
    this.#texts.set(key, text);
    this.#chars += text.length;
    return text;
  }

  #forget(): void {
    this.#texts.clear();
    this.#chars = 0;
    this.#version = this.#catalogs.version;
  }

  #described({ preset: asked, version }: DescriptionRequest): Described {
    const preset = this.#catalogs.preset(asked ?? this.#catalogs.defaultProfile(null));
    const format = preset && this.#catalogs.formatOf(preset);
    if (!preset || !format) throw notFound('preset');
    const inUse = asked === undefined && this.#catalogs.instancePreset === null;
    const eventTypes = inUse ? this.#catalogs.typesInUse(null) : this.#catalogs.typesSentBy(preset.name);
    const versions = new Set([
      ...payloadVersionsOf(preset),
      ...eventTypes.flatMap((one) => [...one.versions.keys()]),
    ]);
    if (version !== undefined && !versions.has(version)) {
      const message =
        versions.size > 0 ? `must be one of ${[...versions].join(', ')}` : 'there are no versions';
      throw invalid([{ path: 'version', code: 'not_allowed', message }]);
    }
    return { preset, format, eventTypes, version: version ?? null, retrySchedule: DEFAULT_RETRY_SCHEDULE };
  }
}
