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
import { createWebhookParts, Webhooks, type WebhooksOptions } from './webhooks.ts';
import { WhatIfs } from './what-if.ts';

export interface ServicesOptions extends Omit<WebhooksOptions, 'maxWebhooks'> {
  readonly limits: Limits;
  /** A replay may go on now. */
  readonly pokeReplays: () => void;
}

/** All that people do, each with what it needs. */
export function createServices(options: ServicesOptions) {
  const { database, catalogs, clock, changes, limits } = options;
  const webhooksOptions = { ...options, maxWebhooks: limits.maxWebhooksPerAccount };
  const parts = createWebhookParts(webhooksOptions);
  return {
    accounts: new Accounts(database, catalogs),
    webhooks: new Webhooks(webhooksOptions, parts),
    whatIfs: new WhatIfs(webhooksOptions, parts, limits),
    events: new Events(database),
    deliveries: new Deliveries({ database, clock, changes }),
    alerts: new Alerts(database, clock),
    channels: new Channels(database),
    replays: new Replays({ database, clock, poke: options.pokeReplays }),
    presets: new Presets(database, catalogs, changes),
    eventTypes: new EventTypes(database, catalogs, changes),
    descriptions: new Descriptions(database, catalogs),
  };
}

export type Services = ReturnType<typeof createServices>;
