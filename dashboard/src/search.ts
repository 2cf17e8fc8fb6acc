// What the address bar holds of each list, so that a filtered view can be kept and sent to somebody. Whatever a stranger
// puts there is text at most.

type Raw = Readonly<Record<string, unknown>>;

function texts<const Name extends string>(...names: readonly Name[]) {
  return (raw: Raw): { [Key in Name]?: string } =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = raw[name];
        return typeof value === 'string' && value !== '' ? [[name, value.slice(0, 300)]] : [];
      }),
    ) as { [Key in Name]?: string };
}

/** Links of before wrote texts that look like numbers in quotes. */
const QUOTED = /^"(-?\d[\d.]*(?:e[+-]?\d+)?|true|false|null)"$/i;

/** What stands after the question mark. A tracking number is a text: as a number it would be rounded. */
export function parseSearch(search: string): Record<string, string> {
  const named = [...new URLSearchParams(search)];
  return Object.fromEntries(named.map(([name, value]) => [name, value.replace(QUOTED, '$1')]));
}

/** The other way round; '' where there is nothing to write. */
export function writeSearch(search: Raw): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined);
  const written = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return written === '' ? '' : `?${written}`;
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
