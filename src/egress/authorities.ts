import type { X509Certificate } from 'node:crypto';
import { type CertificateDescription, describeCertificate, readCertificates } from './certificate.ts';
import { type IdentityProblem, problem } from './identity-problem.ts';

export type AuthoritiesVerdict =
  | {
      readonly ok: true;
      /** The certificates, and nothing else that was in the text. */
      readonly pem: string;
      readonly descriptions: readonly CertificateDescription[];
    }
  | IdentityProblem;

export const MAX_AUTHORITIES_LENGTH = 65_536;
const MAX_AUTHORITIES = 20;

/**
 * Decides whether a PEM text holds certificates that can be trusted to vouch for a server. Those of
 * authorities are meant, but the server's own certificate serves as well: then that one is trusted, and no
 * other. Never throws.
 */
export function judgeAuthorities(pem: string, nowMs: number): AuthoritiesVerdict {
  if (pem.length > MAX_AUTHORITIES_LENGTH) {
    return problem('ca_unreadable', `The authorities are longer than ${MAX_AUTHORITIES_LENGTH} characters.`);
  }
  const certificates = readCertificates(pem, MAX_AUTHORITIES);
  if (certificates === 'too_many') {
    return problem(
      'ca_unreadable',
      `These are more than ${MAX_AUTHORITIES} authorities. Give only your own.`,
    );
  }
  if (certificates === 'unreadable' || certificates.length === 0) {
    return problem(
      'ca_unreadable',
      'These are not certificates in PEM. Paste each from -----BEGIN CERTIFICATE----- to its END line.',
    );
  }
  return judgeDates(certificates, nowMs);
}

function judgeDates(certificates: readonly X509Certificate[], nowMs: number): AuthoritiesVerdict {
  const descriptions = certificates.map(describeCertificate);
  const expired = descriptions.find(({ notAfter }) => Date.parse(notAfter) < nowMs);
  if (expired !== undefined) {
    return problem(
      'ca_expired',
      `The authority "${expired.subject}" expired on ${expired.notAfter}. Remove it, or give its successor.`,
    );
  }
  return { ok: true, pem: certificates.map(String).join(''), descriptions };
}
