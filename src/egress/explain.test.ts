import { errors } from 'undici';
import { describe, expect, test } from 'vitest';
import type { Destination } from './destination.ts';
import {
  explainConnectError,
  explainConnectTimeout,
  explainExchangeError,
  explainLookupError,
  explainLookupTimeout,
  explainRefusedAddress,
  explainRefusedUrl,
  explainTimeout,
} from './explain.ts';
import { explainTlsError } from './explain-tls.ts';
import type { SendFailure } from './failure.ts';

const secret = '10.9.8.7';
const inside: Destination = {
  https: true,
  host: 'hooks.example',
  port: 8443,
  address: secret,
  family: 4,
  public: false,
};
const outside: Destination = { ...inside, address: '93.184.216.34', public: true };
const failed = (code: string) => Object.assign(new Error(`connect ${code} ${secret}:8443`), { code });

const networkCodes: [string, SendFailure['code']][] = [
  ['ECONNREFUSED', 'connection_refused'],
  ['ECONNRESET', 'connection_reset'],
  ['EPIPE', 'connection_reset'],
  ['ECONNABORTED', 'connection_reset'],
  ['ETIMEDOUT', 'connect_timeout'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EACCES', 'unreachable'],
  ['EMFILE', 'network_error'],
];
const tlsCodes: [string, SendFailure['code']][] = [
  ['CERT_HAS_EXPIRED', 'tls_certificate_expired'],
  ['CERT_NOT_YET_VALID', 'tls_certificate_not_yet_valid'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_self_signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls_untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls_untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_untrusted'],
  ['CERT_REVOKED', 'tls_untrusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_name_mismatch'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_failed'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls_failed'],
  ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'tls_failed'],
  ['ECONNRESET', 'tls_failed'],
  ['EPROTO', 'tls_failed'],
];
const httpErrors: [Error, SendFailure['code']][] = [
  [new errors.HeadersOverflowError(secret), 'protocol_error'],
  [new errors.ResponseContentLengthMismatchError(secret), 'protocol_error'],
  [new errors.HTTPParserError(`does not match (${secret})`), 'protocol_error'],
  [new errors.SocketError(`bad response ${secret}`), 'protocol_error'],
  [new errors.SocketError('other side closed'), 'connection_reset'],
  [new errors.InvalidArgumentError(secret), 'network_error'],
  [failed('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'tls_client_certificate_required'],
  [new Error(secret), 'network_error'],
];
const certificate = {
  validFromDate: new Date('2020-01-01'),
  validToDate: new Date('2021-01-01'),
  subjectAltName: `DNS:a.example, IP Address:${secret}, DNS:${secret}, DNS:b.example, DNS:c.example`,
};
const tlsContext = (now: string) => ({ destination: inside, certificate, now: Date.parse(now) });

describe('explaining a lookup', () => {
  test.each([
    ['ENOTFOUND', 'dns_not_found', 'the DNS does not know hooks.example'],
    ['ENODATA', 'dns_not_found', 'the DNS has no address for hooks.example'],
    [
      'ESERVFAIL',
      'dns_failed',
      'the DNS failed to look up hooks.example: its name servers may be out of order',
    ],
    ['EREFUSED', 'dns_failed', 'the DNS refused to look up hooks.example'],
    ['ETIMEOUT', 'dns_failed', 'the DNS gave no address for hooks.example in time'],
    ['ECONNREFUSED', 'dns_failed', 'the DNS could not be asked about hooks.example'],
    ['EAI_AGAIN', 'dns_failed', 'the name hooks.example could not be looked up in the DNS'],
  ])('%s blames the name, or the DNS: never the receiver', (code, expected, reason) => {
    expect(explainLookupError(failed(code), 'hooks.example')).toMatchObject({ code: expected, reason });
  });
});

describe('explaining an error', () => {
  test.each(networkCodes)('%s of a connection being made is %s', (code, expected) => {
    expect(explainConnectError(failed(code), inside).code).toBe(expected);
  });

  test.each(tlsCodes)('%s of a handshake is %s', (code, expected) => {
    expect(explainTlsError(failed(code), tlsContext('2021-02-01')).code).toBe(expected);
  });

  test.each(httpErrors)('%o of an exchange is %s', (error, expected) => {
    expect(explainExchangeError(error, inside).code).toBe(expected);
  });

  test('a public address is named, any other is not', () => {
    const error = failed('ECONNREFUSED');
    expect(explainConnectError(error, outside).reason).toBe('connection refused by 93.184.216.34:8443');
    expect(explainConnectError(error, inside).reason).toBe('connection refused by hooks.example:8443');
    const ipv6 = { ...outside, address: '2606:4700::1', family: 6 as const };
    expect(explainConnectError(error, ipv6).reason).toBe('connection refused by [2606:4700::1]:8443');
  });

  test('no reason holds an internal address, whatever the error says', () => {
    const failures = [
      ...[...networkCodes, ...tlsCodes].flatMap(([code]) => [
        explainConnectError(failed(code), inside),
        explainExchangeError(failed(code), inside),
        explainExchangeError(failed(code), inside, 200),
        explainLookupError(failed(code), 'hooks.example'),
        explainTlsError(failed(code), tlsContext('2019-12-31')),
        explainTlsError(failed(code), tlsContext('2021-02-01')),
        explainTlsError(failed(code), { ...tlsContext('2021-02-01'), certificate: undefined }),
      ]),
      ...httpErrors.map(([error]) => explainExchangeError(error, inside)),
      explainLookupError(secret, 'hooks.example'),
      explainLookupTimeout('hooks.example', 1_000),
      explainRefusedAddress('hooks.example', 'private'),
      explainConnectTimeout(5_000),
      explainTimeout(15_000, 200),
    ];
    for (const { reason, params } of failures) {
      expect(`${reason} ${JSON.stringify(params)}`).not.toContain('10.9');
      expect(reason).toMatch(/^[a-z].*[^.]$/);
    }
  });

  test('an address that the account wrote itself is named', () => {
    expect(explainRefusedAddress('10.0.0.1', 'private').reason).toBe(
      '10.0.0.1 is not a public address (private)',
    );
  });

  test('a refused URL is explained without the advice', () => {
    const message = 'localhost is this server itself (loopback). Use a host that is reachable.';
    expect(explainRefusedUrl({ code: 'address_not_allowed', message })).toEqual({
      code: 'address_not_allowed',
      reason: 'localhost is this server itself (loopback)',
    });
    expect(
      explainRefusedUrl({ code: 'url_port', message: 'Port 22 cannot be used. Use 443.' }),
    ).toMatchObject({
      code: 'url_not_allowed',
      reason: 'port 22 cannot be used',
    });
  });

  test('times are written in the unit that fits', () => {
    expect(explainTimeout(15_000).reason).toBe('no answer within 15 s');
    expect(explainTimeout(1_500).reason).toBe('no answer within 1.5 s');
    expect(explainConnectTimeout(300).reason).toBe('could not connect within 300 ms');
    expect(explainTimeout(15_000, 200).reason).toBe('answered 200, but the body did not end within 15 s');
  });
});

describe('explaining a certificate', () => {
  const reasonAt = (code: string, now: string) => explainTlsError(failed(code), tlsContext(now)).reason;

  test('one that expired says how long ago', () => {
    expect(reasonAt('CERT_HAS_EXPIRED', '2021-01-03')).toBe('the certificate expired 2 days ago');
    expect(reasonAt('CERT_HAS_EXPIRED', '2021-01-02')).toBe('the certificate expired 1 day ago');
    expect(reasonAt('CERT_HAS_EXPIRED', '2021-01-01T02:00Z')).toBe('the certificate expired 2 hours ago');
    expect(reasonAt('CERT_HAS_EXPIRED', '2021-01-01T00:10Z')).toBe(
      'the certificate expired less than an hour ago',
    );
  });

  test('one that is still valid itself means that one above it has expired', () => {
    expect(reasonAt('CERT_HAS_EXPIRED', '2020-06-01')).toBe('a certificate in the chain has expired');
  });

  test('one for other names lists the first of them', () => {
    expect(reasonAt('ERR_TLS_CERT_ALTNAME_INVALID', '2020-06-01')).toBe(
      'the certificate is for a.example, b.example and 1 more, not for hooks.example',
    );
  });
});
