import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Destination } from './destination.ts';
import { errorCode } from './error-code.ts';
import { closedBy, explainClientCertificate } from './explain-client-certificate.ts';
import type { SendFailure } from './failure.ts';

/** What the peer's certificate says, as far as a reason needs it. */
export type PeerCertificate = Pick<X509Certificate, 'validFromDate' | 'validToDate' | 'subjectAltName'>;

export interface TlsContext {
  readonly destination: Destination;
  /** Undefined if the handshake failed before the certificate came. */
  readonly certificate: PeerCertificate | undefined;
  readonly now: number;
}

/**
 * Explains an error of a TLS handshake or of the certificate's verification (the codes of OpenSSL's
 * X509_verify_cert_error_string and of node:tls). Always finds a reason, if only a general one.
 */
export function explainTlsError(error: unknown, context: TlsContext): SendFailure {
  const code = errorCode(error);
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { code: 'tls_certificate_expired', reason: expiredReason(context) };
    case 'CERT_NOT_YET_VALID':
      return { code: 'tls_certificate_not_yet_valid', reason: notYetValidReason(context) };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return { code: 'tls_self_signed', reason: 'the certificate is self-signed' };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { code: 'tls_name_mismatch', reason: nameMismatchReason(context) };
    default:
      return (
        untrustedReason(code) ??
        explainHandshakeError(error, context.destination, context.certificate !== undefined)
      );
  }
}

const untrusted = 'the certificate is not signed by an authority we trust';
const untrustedReasons: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  // Browsers often know the intermediate certificate already, so that the owner sees nothing wrong there.
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `${untrusted}, or the server does not send its intermediate certificate`,
  CERT_UNTRUSTED: untrusted,
  CERT_REJECTED: untrusted,
  CERT_REVOKED: 'the certificate has been revoked',
  CERT_SIGNATURE_FAILURE: 'the signature of the certificate is not valid',
  CERT_CHAIN_TOO_LONG: 'the chain of certificates is too long',
  INVALID_CA: 'the certificate is signed by one that may not sign certificates',
  INVALID_PURPOSE: 'the certificate is not made for a server',
};

function untrustedReason(code: string): SendFailure | undefined {
  const reason = untrustedReasons[code];
  return reason === undefined ? undefined : { code: 'tls_untrusted', reason };
}

function expiredReason({ certificate, now }: TlsContext): string {
  const agoMs = certificate && now - certificate.validToDate.getTime();
  // The one that expired may also be further up in the chain.
  if (agoMs === undefined || agoMs < 0) return 'a certificate in the chain has expired';
  return `the certificate expired ${span(agoMs)} ago`;
}

function notYetValidReason({ certificate, now }: TlsContext): string {
  const inMs = certificate && certificate.validFromDate.getTime() - now;
  if (inMs === undefined || inMs < 0) return 'a certificate in the chain is not valid yet';
  return `the certificate only becomes valid in ${span(inMs)}`;
}

function nameMismatchReason({ certificate, destination }: TlsContext): string {
  const names = dnsNames(certificate?.subjectAltName ?? '');
  if (names.length === 0) return `the certificate is not for ${destination.host}`;
  const more = names.length > 2 ? ` and ${names.length - 2} more` : '';
  return `the certificate is for ${names.slice(0, 2).join(', ')}${more}, not for ${destination.host}`;
}

/** The DNS names of a certificate. Its other entries, and anything that isn't a plain name, are left out. */
function dnsNames(subjectAltName: string): string[] {
  const entries = subjectAltName.matchAll(/(?:^|, )DNS:([a-z0-9*._-]{1,253})(?=,|$)/gi);
  return [...entries].map(([, name = '']) => name).filter((name) => isIP(name) === 0);
}

const handshakeReasons: readonly (readonly [RegExp, string])[] = [
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_TOO_LONG/, 'the port does not speak TLS'],
  [/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/, 'the server does not offer TLS 1.2 or newer'],
  [/NO_APPLICATION_PROTOCOL/, 'the server does not offer HTTP/1.1'],
  [/UNRECOGNIZED_NAME/, 'the server does not know this host name'],
  [/HANDSHAKE_FAILURE|NO_SHARED/, 'the server found no common settings'],
];

/**
 * Explains a TLS error that isn't about the certificate of the server.
 *
 * @param sawCertificate whether the server had shown its certificate by then
 */
export function explainHandshakeError(
  error: unknown,
  destination: Destination,
  sawCertificate: boolean,
): SendFailure {
  const code = errorCode(error);
  const aboutOurs = explainClientCertificate(code, destination, sawCertificate);
  if (aboutOurs !== undefined) return aboutOurs;
  const known = handshakeReasons.find(([pattern]) => pattern.test(code))?.[1];
  const closed = code === 'ECONNRESET' || code === 'EPIPE' || code === '';
  const detail = known ?? (closed ? closedBy(destination) : code);
  return { code: 'tls_failed', reason: `the TLS handshake failed (${detail})` };
}

const hourMs = 3_600_000;

/** `2 days`, `1 hour`, `less than an hour`. */
function span(timeMs: number): string {
  const hours = Math.floor(timeMs / hourMs);
  const days = Math.floor(hours / 24);
  if (days > 0) return days === 1 ? '1 day' : `${days} days`;
  if (hours > 0) return hours === 1 ? '1 hour' : `${hours} hours`;
  return 'less than an hour';
}
