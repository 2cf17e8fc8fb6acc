import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Params } from '../errors.ts';
import { type Destination, peerName } from './destination.ts';
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
      return explainExpired(context);
    case 'CERT_NOT_YET_VALID':
      return explainNotYetValid(context);
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return { code: 'tls_self_signed', reason: 'the certificate is self-signed' };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return explainNameMismatch(context);
    default:
      return (
        untrustedReason(code) ??
        explainHandshakeError(error, context.destination, context.certificate !== undefined)
      );
  }
}

const untrusted = 'the certificate is not signed by an authority we trust';
/** What it is, and by which `why` it is known; of an authority nobody trusts by none. */
const untrustedReasons: Readonly<Record<string, string | readonly [reason: string, why: string]>> = {
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  // Browsers often know the intermediate certificate already, so that the owner sees nothing wrong there.
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    `${untrusted}, or the server does not send its intermediate certificate`,
    'intermediate',
  ],
  CERT_UNTRUSTED: untrusted,
  CERT_REJECTED: untrusted,
  CERT_REVOKED: ['the certificate has been revoked', 'revoked'],
  CERT_SIGNATURE_FAILURE: ['the signature of the certificate is not valid', 'signature'],
  CERT_CHAIN_TOO_LONG: ['the chain of certificates is too long', 'chain'],
  INVALID_CA: ['the certificate is signed by one that may not sign certificates', 'signer'],
  INVALID_PURPOSE: ['the certificate is not made for a server', 'purpose'],
};

function untrustedReason(code: string): SendFailure | undefined {
  const found = untrustedReasons[code];
  if (found === undefined) return undefined;
  if (typeof found === 'string') return { code: 'tls_untrusted', reason: found };
  const [reason, why] = found;
  return { code: 'tls_untrusted', reason, params: { why } };
}

function explainExpired({ certificate, now }: TlsContext): SendFailure {
  const code = 'tls_certificate_expired';
  const agoMs = certificate && now - certificate.validToDate.getTime();
  // The one that expired may also be further up in the chain.
  if (certificate === undefined || agoMs === undefined || agoMs < 0) {
    return { code, reason: 'a certificate in the chain has expired', params: { why: 'chain' } };
  }
  const reason = `the certificate expired ${span(agoMs)} ago`;
  return { code, reason, params: { at: certificate.validToDate.toISOString() } };
}

function explainNotYetValid({ certificate, now }: TlsContext): SendFailure {
  const code = 'tls_certificate_not_yet_valid';
  const inMs = certificate && certificate.validFromDate.getTime() - now;
  if (certificate === undefined || inMs === undefined || inMs < 0) {
    return { code, reason: 'a certificate in the chain is not valid yet', params: { why: 'chain' } };
  }
  const reason = `the certificate only becomes valid in ${span(inMs)}`;
  return { code, reason, params: { at: certificate.validFromDate.toISOString() } };
}

function explainNameMismatch({ certificate, destination: { host } }: TlsContext): SendFailure {
  const code = 'tls_name_mismatch';
  const all = dnsNames(certificate?.subjectAltName ?? '');
  if (all.length === 0) return { code, reason: `the certificate is not for ${host}`, params: { host } };
  const names = all.slice(0, 2).join(', ');
  const more = all.length - 2;
  if (more <= 0) {
    const reason = `the certificate is for ${names}, not for ${host}`;
    return { code, reason, params: { why: 'names', names, host } };
  }
  const reason = `the certificate is for ${names} and ${more} more, not for ${host}`;
  return { code, reason, params: { why: 'more_names', names, more, host } };
}

/** The DNS names of a certificate. Its other entries, and anything that isn't a plain name, are left out. */
function dnsNames(subjectAltName: string): string[] {
  const entries = subjectAltName.matchAll(/(?:^|, )DNS:([a-z0-9*._-]{1,253})(?=,|$)/gi);
  return [...entries].map(([, name = '']) => name).filter((name) => isIP(name) === 0);
}

const handshakeReasons: readonly (readonly [code: RegExp, why: string, detail: string])[] = [
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_TOO_LONG/,
    'no_tls',
    'the port does not speak TLS',
  ],
  [/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/, 'old_tls', 'the server does not offer TLS 1.2 or newer'],
  [/NO_APPLICATION_PROTOCOL/, 'no_http', 'the server does not offer HTTP/1.1'],
  [/UNRECOGNIZED_NAME/, 'unknown_name', 'the server does not know this host name'],
  [/HANDSHAKE_FAILURE|NO_SHARED/, 'nothing_common', 'the server found no common settings'],
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
  const host = peerName(destination);
  const [, why, detail] = handshakeReasons.find(([pattern]) => pattern.test(code)) ?? [];
  if (why !== undefined) return handshakeFailed(`${detail}`, { why, host });
  const closed = code === 'ECONNRESET' || code === 'EPIPE' || code === '';
  if (!closed) return handshakeFailed(code, { said: code, host });
  const onCertificate = destination.clientCertificate ? '_on_certificate' : '';
  return handshakeFailed(closedBy(destination), { why: `closed${onCertificate}`, host });
}

function handshakeFailed(detail: string, params: Params): SendFailure {
  return { code: 'tls_failed', reason: `the TLS handshake failed (${detail})`, params };
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
