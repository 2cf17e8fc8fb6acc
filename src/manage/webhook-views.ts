import type { Catalogs } from '../catalog/catalogs.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { readLastFailures } from '../store/last-failures.ts';
import type { WebhookRow } from '../store/webhooks.ts';
import type { WebhookCredentials } from './webhook-credentials.ts';
import type { WebhookSecrets } from './webhook-secrets.ts';
import { type WebhookView, webhookView } from './webhook-view.ts';

export interface WebhookViewsOptions {
  readonly database: Database;
  readonly catalogs: Catalogs;
  readonly clock: Clock;
  /** How many days of nothing but failures disable a webhook that doesn't say; 0: none do. */
  readonly disableAfterDays: number;
}

/** Webhooks as they are shown, with what isn't in their rows. */
export class WebhookViews {
  readonly #options: WebhookViewsOptions;
  readonly #secrets: WebhookSecrets;
  readonly #credentials: WebhookCredentials;

  constructor(options: WebhookViewsOptions, secrets: WebhookSecrets, credentials: WebhookCredentials) {
    this.#options = options;
    this.#secrets = secrets;
    this.#credentials = credentials;
  }

  async one(row: WebhookRow): Promise<WebhookView> {
    const [view] = await this.all([row]);
    return view as WebhookView;
  }

  async all(rows: readonly WebhookRow[]): Promise<WebhookView[]> {
    const { database, catalogs, clock, disableAfterDays } = this.#options;
    await catalogs.refreshIfOld(database);
    const ids = rows.map(({ id }) => id);
    const keys = await this.#secrets.publicKeys(database, ids);
    const credentialsOf = await this.#credentials.views(database, ids);
    const failing = rows.filter(isInTrouble).map(({ id }) => id);
    const failures = failing.length === 0 ? [] : await readLastFailures(database, failing);
    const failureOf = new Map(failures.map((failure) => [failure.webhookId, failure]));
    const nowMs = clock.now();
    return rows.map((row) =>
      webhookView(row, catalogs, {
        publicKeys: keys.get(row.id) ?? [],
        credentials: credentialsOf(row.id),
        lastFailure: failureOf.get(row.id),
        nowMs,
        disableAfterDays,
      }),
    );
  }
}

/** Nothing has arrived there since something failed. */
function isInTrouble({ status, disabledReason, health, firstFailureAt }: WebhookRow): boolean {
  if (status === 'disabled' && disabledReason !== 'request') return true;
  return health === 'failing' || firstFailureAt !== null;
}
