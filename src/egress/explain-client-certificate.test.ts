import { describe, expect, test } from 'vitest';
import type { Destination } from './destination.ts';
import { explainExchangeError } from './explain.ts';
import { explainTlsError } from './explain-tls.ts';

const without: Destination = {
  https: true,
  host: 'hooks.example',
  port: 443,
  address: '93.184.216.34',
  family: 4,
  public: true,
};
const withOne: Destination = { ...without, clientCertificate: true };
const theirs = {
  validFromDate: new Date('2020-01-01'),
  validToDate: new Date('2120-01-01'),
  subjectAltName: 'DNS:hooks.example',
};
const failed = (code: string) => Object.assign(new Error(code), { code });
const handshake = (code: string, destination: Destination, certificate: typeof theirs | undefined) =>
  explainTlsError(failed(code), { destination, certificate, now: Date.parse('2026-03-13') });

// The names OpenSSL 3.5 gives alerts, and those of the versions before it.
const failureAlerts = ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'];

describe('a server that refuses the handshake of a client without a certificate', () => {
  test.each([
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
    ...failureAlerts,
  ])('by %s after it has shown its own asks for one', (code) => {
    const failure = handshake(code, without, theirs);
    expect(failure.code).toBe('tls_client_certificate_required');
    expect(explainExchangeError(failed(code), without)).toEqual(failure);
  });

  test.each(failureAlerts)('by %s before that found no common settings', (code) => {
    expect(handshake(code, without, undefined)).toMatchObject({
      code: 'tls_failed',
      reason: 'the TLS handshake failed (the server found no common settings)',
    });
    expect(handshake(code, withOne, undefined).code).toBe('tls_failed');
  });

  test('by an alert about a certificate it cannot have seen is a failure like others', () => {
    expect(handshake('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', without, theirs).code).toBe('tls_failed');
  });
});

describe('a server that has seen the certificate of the webhook', () => {
  test.each([
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'because it has expired'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'because it has expired'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_REVOKED', 'because it has been revoked'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'it does not trust its authority, or the chain is incomplete'],
    ['ERR_SSL_TLSV1_ALERT_ACCESS_DENIED', 'does not let this client certificate in'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'does not accept the client certificate'],
    ['ERR_SSL_SSL/TLS_ALERT_UNSUPPORTED_CERTIFICATE', 'does not accept the client certificate'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN', 'does not accept the client certificate'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'does not accept the client certificate'],
    [
      'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
      'ended the handshake when it had seen the client certificate',
    ],
  ])('and answers with %s refuses it', (code, phrase) => {
    const failure = handshake(code, withOne, theirs);
    expect(failure).toMatchObject({
      code: 'tls_client_certificate_refused',
      reason: expect.stringContaining(phrase),
    });
    expect(failure.reason).toMatch(/^[a-z].*[^.]$/);
    expect(explainExchangeError(failed(code), withOne)).toEqual(failure);
  });

  test.each(['ECONNRESET', 'EPIPE'])('and resets the connection (%s) may have refused it', (code) => {
    const hint = 'which some servers do when they do not accept the client certificate';
    expect(explainExchangeError(failed(code), withOne).reason).toContain(hint);
    expect(handshake(code, withOne, undefined).reason).toContain(hint);
    expect(explainExchangeError(failed(code), without).reason).not.toContain(hint);
  });

  test('may still fail for reasons of its own', () => {
    expect(handshake('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', withOne, theirs).code).toBe('tls_failed');
    expect(handshake('CERT_HAS_EXPIRED', withOne, theirs).code).toBe('tls_certificate_expired');
  });
});
