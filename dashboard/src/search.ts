// What the address bar holds of each list, so that a filtered view can be kept and sent to somebody. Whatever a stranger
// puts there is text at most.

type Raw = Readonly<Record<string, unknown>>;

function texts<const Name extends string>(...names: readonly Name[]) {
  return (raw: Raw): { [Key in Name]?: string } =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = raw[name];
        const text = typeof value === 'number' ? String(value) : value;
        return typeof text === 'string' && text !== '' ? [[name, text.slice(0, 300)]] : [];
      }),
    ) as { [Key in Name]?: string };
}

export const deliveriesSearch = texts(
  'status',
  'webhookId',
  'eventType',
  'search',
  'subject',
  'eventId',
  'from',
  'to',
);
export const webhooksSearch = texts('search', 'status');
export const webhookEventsSearch = texts('status', 'eventType', 'search', 'subject', 'eventId', 'from', 'to');
export const queueSearch = texts('account', 'priority', 'order');
export const accountQueueSearch = texts('webhookId', 'priority', 'order');
export const eventsSearch = texts('type', 'search', 'subject', 'channel', 'from', 'to');
export const alertsSearch = texts('status');
export const auditSearch = texts('actor', 'action');
export const platformAuditSearch = texts('actor', 'action', 'account');
export const portalSearch = texts('ended');
