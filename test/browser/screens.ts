/** What screens are about. Ids are those of the wire. */
export interface ScreenSubjects {
  readonly account: string;
  readonly webhook: string;
  readonly delivery: string;
  readonly event: string;
  readonly eventType: string;
}

/** Somewhere one can be. */
export interface Screen {
  readonly name: string;
  readonly path: string;
  /** A tab of it to open. */
  readonly tab?: string;
}

/** Every screen of somebody who has signed in and may see all. */
export function screensOf({ account, webhook, delivery, event, eventType }: ScreenSubjects): Screen[] {
  const of = (path: string) => `/accounts/${account}${path}`;
  const editor = of(`/webhooks/${webhook}`);
  return [
    { name: 'overview', path: of('') },
    { name: 'webhooks', path: of('/webhooks') },
    { name: 'webhook', path: editor },
    { name: 'webhook-authentication', path: editor, tab: 'Authentication' },
    { name: 'webhook-payload', path: editor, tab: 'Payload' },
    { name: 'webhook-condition', path: editor, tab: 'Condition' },
    { name: 'webhook-delivery', path: editor, tab: 'Delivery' },
    { name: 'webhook-verify', path: editor, tab: 'Verify' },
    { name: 'webhook-events', path: of(`/webhooks/${webhook}/events`) },
    { name: 'new-webhook', path: of('/webhooks/new') },
    { name: 'deliveries', path: of('/deliveries') },
    { name: 'delivery', path: of(`/deliveries/${delivery}`) },
    { name: 'queue', path: of('/queue') },
    { name: 'events', path: of('/events') },
    { name: 'event', path: of(`/events/${event}`) },
    { name: 'event-types', path: of('/event-types') },
    { name: 'event-type', path: of(`/event-types/${eventType}`) },
    { name: 'alerts', path: of('/alerts') },
    { name: 'people', path: of('/people') },
    { name: 'api-keys', path: of('/api-keys') },
    { name: 'audit-log', path: of('/audit-log') },
    { name: 'accounts', path: '/accounts' },
    { name: 'all-queues', path: '/queue' },
    { name: 'platform', path: '/platform' },
    { name: 'platform-audit-log', path: '/platform/audit-log' },
    { name: 'about', path: '/about' },
    { name: 'profile', path: '/profile' },
  ];
}
