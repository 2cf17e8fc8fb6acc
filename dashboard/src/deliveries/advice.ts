type Advice =
  | 'url'
  | 'tls'
  | 'timeout'
  | 'auth'
  | 'notFound'
  | 'rejected'
  | 'busy'
  | 'server'
  | 'payload'
  | 'other';

const BY_STATUS: Readonly<Record<number, Advice>> = {
  401: 'auth',
  403: 'auth',
  404: 'notFound',
  405: 'notFound',
  408: 'timeout',
  429: 'busy',
  503: 'busy',
};

const BY_START: readonly (readonly [string, Advice])[] = [
  ['tls_client', 'auth'],
  ['tls_', 'tls'],
  ['oauth_', 'auth'],
  ['dns_', 'url'],
  ['url_', 'url'],
  ['address_', 'url'],
  ['connection_', 'url'],
  ['unreachable', 'url'],
  ['connect_timeout', 'url'],
  ['timeout', 'timeout'],
  ['payload_', 'payload'],
  ['template_', 'payload'],
];

/** What somebody can do about an attempt that failed, by its code and the status of the answer. */
export function adviceFor(failureCode: string, statusCode: number | null): Advice {
  if (statusCode !== null) {
    const known = BY_STATUS[statusCode];
    if (known) return known;
    if (statusCode >= 500) return 'server';
    if (statusCode >= 300 && statusCode < 400) return 'url';
    return statusCode >= 400 ? 'rejected' : 'other';
  }
  return BY_START.find(([start]) => failureCode.startsWith(start))?.[1] ?? 'other';
}
