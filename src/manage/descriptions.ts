import type { Catalogs } from '../catalog/catalogs.ts';
import { describeWebhooksAsync } from '../catalog/describe/async-api.ts';
import type { Described } from '../catalog/describe/described.ts';
import { describeWebhooks } from '../catalog/describe/openapi.ts';
import { payloadVersionsOf } from '../catalog/preset.ts';
import type { Database } from '../db/database.ts';
import { DEFAULT_RETRY_SCHEDULE } from '../dispatch/retry.ts';
import { invalid, notFound } from '../errors.ts';

/** What is to be described. */
export interface DescriptionRequest {
  /** Default: that of the instance, else the default wire format with all event types in use. */
  readonly preset?: string | undefined;
  /** Of payloads. Default: the usual one of each event type. */
  readonly version?: string | undefined;
}

/** What webhooks send, described for those who receive it. */
export class Descriptions {
  readonly #database: Database;
  readonly #catalogs: Catalogs;

  constructor(database: Database, catalogs: Catalogs) {
    this.#database = database;
    this.#catalogs = catalogs;
  }

  /** As OpenAPI 3.1. @throws WaybillError `not_found`, `validation_failed` for a version there isn't */
  async openApi(request: DescriptionRequest = {}): Promise<object> {
    return describeWebhooks(await this.#described(request));
  }

  /** As AsyncAPI 3.0. @throws WaybillError `not_found`, `validation_failed` for a version there isn't */
  async asyncApi(request: DescriptionRequest = {}): Promise<object> {
    return describeWebhooksAsync(await this.#described(request));
  }

  async #described({ preset: asked, version }: DescriptionRequest): Promise<Described> {
    await this.#catalogs.refreshIfOld(this.#database);
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
