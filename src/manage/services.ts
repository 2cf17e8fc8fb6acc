import type { Limits } from '../config.ts';
import { Accounts } from './accounts.ts';
import { Alerts } from './alerts.ts';
import { Channels } from './channels.ts';
import { Deliveries } from './deliveries.ts';
import { Descriptions } from './descriptions.ts';
import { EventTypes } from './event-types.ts';
import { Events } from './events.ts';
import { Presets } from './presets.ts';
import { Replays } from './replays.ts';
import { Statistics } from './statistics.ts';
import { WebhookCredentials } from './webhook-credentials.ts';
import { WebhookSecrets } from './webhook-secrets.ts';
import { Webhooks, type WebhooksOptions } from './webhooks.ts';
import { WhatIfs } from './what-if.ts';

export interface ServicesOptions extends Omit<WebhooksOptions, 'maxWebhooks'> {
  readonly limits: Limits;
  /** A replay may go on now. */
  readonly pokeReplays: () => void;
}

/** All that people do, each with what it needs. */
export function createServices(options: ServicesOptions) {
  const { database, catalogs, clock, keyring, changes, limits } = options;
  const webhooksOptions = { ...options, maxWebhooks: limits.maxWebhooksPerAccount };
  return {
    accounts: new Accounts(database, catalogs),
    webhooks: new Webhooks(webhooksOptions),
    whatIfs: new WhatIfs(
      webhooksOptions,
      new WebhookSecrets(keyring, clock),
      new WebhookCredentials(options),
      limits,
    ),
    events: new Events(database),
    deliveries: new Deliveries({ database, clock, changes }),
    alerts: new Alerts(database, clock),
    channels: new Channels(database),
    replays: new Replays({ database, clock, poke: options.pokeReplays }),
    presets: new Presets(database, catalogs, changes),
    eventTypes: new EventTypes(database, catalogs, changes),
    descriptions: new Descriptions(database, catalogs),
    statistics: new Statistics(database, clock),
  };
}

export type Services = ReturnType<typeof createServices>;
