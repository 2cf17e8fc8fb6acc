import { X509Certificate } from 'node:crypto';
import { pemBlocks } from './pem.ts';

/** What may be shown of a certificate. */
export interface CertificateDescription {
  /** `O=Acme, CN=acme`; cut if it is very long, empty if there is none. */
  readonly subject: string;
  readonly issuer: string;
  /** Of the certificate in DER, in hexadecimal with colons: `4A:0F:…`. */
  readonly fingerprintSha256: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
}

const LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE']);
const MAX_NAME_LENGTH = 500;

/** Reads a certificate in DER; undefined if it isn't one, or its dates are no dates. */
export function readCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    const { validFromDate, validToDate } = certificate;
    return Number.isNaN(validFromDate.getTime() + validToDate.getTime()) ? undefined : certificate;
  } catch {
    return undefined;
  }
}

/**
 * Reads the certificates of a PEM text, in their order; other blocks are passed over.
 *
 * @returns `unreadable` if one of them isn't a certificate; `too_many` if there are more than `maxCount`
 */
export function readCertificates(
  pem: string,
  maxCount: number,
): X509Certificate[] | 'unreadable' | 'too_many' {
  const blocks = pemBlocks(pem).filter(({ label }) => LABELS.has(label));
  if (blocks.length > maxCount) return 'too_many';
  const certificates = blocks.map(({ der }) => readCertificate(der)).filter((one) => one !== undefined);
  return certificates.length < blocks.length ? 'unreadable' : certificates;
}

export function describeCertificate(certificate: X509Certificate): CertificateDescription {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    fingerprintSha256: certificate.fingerprint256,
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
  };
}

/**
 * Node gives a name as lines. It is a stranger's text: characters that act instead of being seen are
 * replaced.
 */
function nameOf(lines: string | undefined): string {
  const name = (lines ?? '').replaceAll('\n', ', ').replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
}

/** Somebody should see to a certificate so long before it expires. */
export const EXPIRES_SOON_MS = 30 * 24 * 3_600_000;

/** Whether a certificate expires within 30 days, or has expired. */
export function expiresSoon({ notAfter }: Pick<CertificateDescription, 'notAfter'>, nowMs: number): boolean {
  return Date.parse(notAfter) - nowMs <= EXPIRES_SOON_MS;
}
