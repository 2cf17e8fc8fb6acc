import { describe, expect, it } from 'vitest';
import { adviceFor } from './advice.ts';

describe('adviceFor', () => {
  it.each([
    ['http_500', 500, 'server'],
    ['http_502', 502, 'server'],
    ['http_503', 503, 'busy'],
    ['http_429', 429, 'busy'],
    ['http_401', 401, 'auth'],
    ['http_404', 404, 'notFound'],
    ['http_422', 422, 'rejected'],
    ['http_301', 301, 'url'],
    ['dns_not_found', null, 'url'],
    ['connection_refused', null, 'url'],
    ['tls_certificate_expired', null, 'tls'],
    ['tls_client_certificate_refused', null, 'auth'],
    ['oauth_refused', null, 'auth'],
    ['timeout', null, 'timeout'],
    ['something_new', null, 'other'],
  ] as const)('answers %s with what can be done about it', (code, status, advice) => {
    expect(adviceFor(code, status)).toBe(advice);
  });
});
