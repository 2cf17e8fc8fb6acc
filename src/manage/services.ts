import { AuditLog } from '../audit/audit-log.ts';
import type { Limits } from '../config.ts';
import { About } from './about.ts';
import { Accounts } from './accounts.ts';
import { AlertRecipients } from './alert-recipients.ts';
import { Alerts } from './alerts.ts';
import { ApiKeys } from './api-keys.ts';
import { AttemptRequests } from './attempt-requests.ts';
import { Channels } from './channels.ts';
import { Deliveries } from './deliveries.ts';
import { Descriptions } from './descriptions.ts';
import { EventTypes } from './event-types.ts';
import { Events } from './events.ts';
import { Presets } from './presets.ts';
import { Queue } from './queue.ts';
import { Replays } from './replays.ts';
import { Searcher } from './search.ts';
import { Statistics } from './statistics.ts';
import { createWebhookParts, Webhooks, type WebhooksOptions } from './webhooks.ts';
import { WhatIfs } from './what-if.ts';

export interface ServicesOptions extends Omit<WebhooksOptions, 'maxWebhooks'> {
  readonly limits: Limits;
  /** Of this process. */
  readonly nodeId: string;
  /** A replay may go on now. */
  readonly pokeReplays: () => void;
  /** Requests under way to a webhook; null: another node sends for it. */
  readonly underWay: (webhookId: string, lane: number) => number | null;
}

/** All that people do, each with what it needs. */
export function createServices(options: ServicesOptions) {
  const { database, catalogs, clock, changes, limits, audit } = options;
  const webhooksOptions = { ...options, maxWebhooks: limits.maxWebhooksPerAccount };
  const parts = createWebhookParts(webhooksOptions);
  const searcher = new Searcher(database, clock);
  return {
    about: new About(database, options.nodeId, clock),
    apiKeys: new ApiKeys(database, audit),
    auditLog: new AuditLog(database),
    accounts: new Accounts(database, catalogs, audit, clock),
    webhooks: new Webhooks(webhooksOptions, parts),
    whatIfs: new WhatIfs(webhooksOptions, parts, limits),
    events: new Events(database, searcher),
    deliveries: new Deliveries({
      database,
      clock,
      changes,
      audit,
      searcher,
      requests: new AttemptRequests(options, parts.credentials),
    }),
    queue: new Queue({ database, clock, underWay: options.underWay }),
    alerts: new Alerts(database, clock, audit),
    alertRecipients: new AlertRecipients(database, clock, audit),
    channels: new Channels(database, audit),
    replays: new Replays({ database, clock, audit, poke: options.pokeReplays }),
    presets: new Presets(database, catalogs, changes, audit),
    eventTypes: new EventTypes(database, catalogs, changes, audit),
    descriptions: new Descriptions(database, catalogs),
    statistics: new Statistics(database, clock),
  };
}

export type Services = ReturnType<typeof createServices>;
