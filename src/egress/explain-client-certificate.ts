import { type Destination, peerName } from './destination.ts';
import type { SendFailure } from './failure.ts';

/** What servers say, by which `why` it is known, and what it means. */
const refusals: readonly (readonly [code: RegExp, why: string, reason: string])[] = [
  [
    /ALERT_CERTIFICATE_EXPIRED/,
    'expired',
    'the server refuses the client certificate because it has expired',
  ],
  [
    /ALERT_CERTIFICATE_REVOKED/,
    'revoked',
    'the server refuses the client certificate because it has been revoked',
  ],
  [
    /ALERT_UNKNOWN_CA/,
    'untrusted',
    'the server refuses the client certificate: it does not trust its authority, or the chain is incomplete',
  ],
  [/ALERT_ACCESS_DENIED/, 'denied', 'the server does not let this client certificate in'],
  [
    /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_UNKNOWN|CERTIFICATE_REQUIRED)/,
    'not_accepted',
    'the server does not accept the client certificate',
  ],
];

/** What servers say to a client that brought no certificate (RFC 8446, 6.2; before TLS 1.3 the second). */
const demands = /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE)/;

/** Before TLS 1.3 servers say no more than this, of anything; it is about ours if theirs has been seen. */
const failure = /ALERT_HANDSHAKE_FAILURE/;

/**
 * Explains a handshake that a server ended because of the client's certificate, or of there being none.
 *
 * @param code of OpenSSL's error
 * @param sawCertificate whether the server had shown its own certificate by then
 * @returns undefined if it ended for another reason
 */
export function explainClientCertificate(
  code: string,
  { clientCertificate }: Destination,
  sawCertificate: boolean,
): SendFailure | undefined {
  const failedLate = sawCertificate && failure.test(code);
  if (!clientCertificate) {
    if (!failedLate && !demands.test(code)) return undefined;
    const reason = 'the server asks for a client certificate, and the webhook has none';
    return { code: 'tls_client_certificate_required', reason };
  }
  const [, why, known] = refusals.find(([pattern]) => pattern.test(code)) ?? [];
  if (why !== undefined)
    return { code: 'tls_client_certificate_refused', reason: `${known}`, params: { why } };
  if (!failedLate) return undefined;
  const reason = 'the server ended the handshake when it had seen the client certificate';
  return { code: 'tls_client_certificate_refused', reason, params: { why: 'ended' } };
}

export function explainUnusableIdentity(): SendFailure {
  return {
    code: 'tls_client_certificate_unusable',
    reason:
      'the client certificate or the authorities of the webhook cannot be used: they have to be set again',
  };
}

/** Some servers close without a word if they don't like the certificate. */
export function closedBy(destination: Destination): string {
  const hint = destination.clientCertificate
    ? ', which some servers do when they do not accept the client certificate'
    : '';
  return `${peerName(destination)} closed the connection${hint}`;
}
