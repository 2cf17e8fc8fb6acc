import type { KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { type CertificateDescription, describeCertificate, readCertificates } from './certificate.ts';
import { type IdentityProblem, problem } from './identity-problem.ts';
import { WorkLimit } from './key-derivation.ts';
import { openPkcs12 } from './pkcs12.ts';
import { openPrivateKey } from './private-key.ts';

export { type CertificateDescription, EXPIRES_SOON_MS, expiresSoon } from './certificate.ts';
export type { IdentityProblem, IdentityProblemCode } from './identity-problem.ts';

export interface PemCertificate {
  /** The certificate and those between it and its authority, in any order. */
  readonly certificate: string;
  /** PKCS#8, PKCS#1 or SEC 1, encrypted or not. */
  readonly key: string;
  readonly passphrase?: string | undefined;
}

export interface Pkcs12Certificate {
  /** The file in base64. */
  readonly pkcs12: string;
  readonly passphrase?: string | undefined;
}

/** A client certificate as somebody gives it. */
export type ClientCertificate = PemCertificate | Pkcs12Certificate;

/**
 * A client certificate as it is kept and used: PEM, nothing encrypted in it, the certificate of the client
 * first.
 */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
}

export type IdentityVerdict =
  | { readonly ok: true; readonly identity: ClientIdentity; readonly description: CertificateDescription }
  | IdentityProblem;

export const MAX_CERTIFICATE_LENGTH = 65_536;
export const MAX_KEY_LENGTH = 16_384;
const MAX_CERTIFICATES = 10;
const MAX_RSA_BITS = 8_192;
/** As OpenSSL names them; the first is P-256. */
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/**
 * Opens a client certificate and decides whether it can be used now. Returns it in the form to keep, and what
 * may be shown of it, or what is wrong in words that say what to change. Never rejects, whatever it is given;
 * the work it takes is bounded, and the long part of it doesn't hold up this thread.
 */
export async function judgeClientCertificate(
  given: ClientCertificate,
  nowMs: number,
): Promise<IdentityVerdict> {
  const opened = await ('pkcs12' in given ? openFile(given) : openTexts(given));
  return opened.ok ? judge(opened.certificates, opened.keys, nowMs) : opened;
}

type Opened =
  | {
      readonly ok: true;
      readonly certificates: readonly X509Certificate[];
      readonly keys: readonly KeyObject[];
    }
  | IdentityProblem;

async function openFile({ pkcs12, passphrase }: Pkcs12Certificate): Promise<Opened> {
  if (pkcs12.length > MAX_CERTIFICATE_LENGTH) return tooLong('pkcs12', MAX_CERTIFICATE_LENGTH);
  return openPkcs12(Buffer.from(pkcs12, 'base64'), passphrase ?? '', new WorkLimit());
}

async function openTexts(given: PemCertificate): Promise<Opened> {
  if (given.certificate.length > MAX_CERTIFICATE_LENGTH)
    return tooLong('certificate', MAX_CERTIFICATE_LENGTH);
  if (given.key.length > MAX_KEY_LENGTH) return tooLong('key', MAX_KEY_LENGTH);
  const certificates = readCertificates(given.certificate, MAX_CERTIFICATES);
  if (certificates === 'too_many') {
    return problem(
      'certificate_unreadable',
      `These are more than ${MAX_CERTIFICATES} certificates. Give that of the client, and its chain.`,
    );
  }
  if (certificates === 'unreadable' || certificates.length === 0) {
    return problem(
      'certificate_unreadable',
      'This is not a certificate in PEM. Paste all from -----BEGIN CERTIFICATE----- to its END line.',
    );
  }
  const opened = await openPrivateKey(given.key, given.passphrase, new WorkLimit());
  return opened.ok ? { ok: true, certificates, keys: [opened.key] } : opened;
}

function judge(
  certificates: readonly X509Certificate[],
  keys: readonly KeyObject[],
  nowMs: number,
): IdentityVerdict {
  if (certificates.length === 0) return problem('certificate_unreadable', 'There is no certificate in it.');
  if (keys.length === 0) {
    return problem('key_unreadable', 'There is no private key in it. Export the certificate with its key.');
  }
  if (!keys.every(isUsable)) {
    return problem(
      'certificate_not_usable',
      'This kind of key is not used with TLS. Use RSA of 2048 to 8192 bits, EC (P-256, P-384, P-521) or Ed25519.',
    );
  }
  const pairs = keys.flatMap((key) =>
    certificates.filter((one) => isPair(one, key)).map((certificate) => ({ key, certificate })),
  );
  // A certificate that was renewed with its key may come with its successor.
  const pair = pairs.find(({ certificate }) => !untimely(certificate, nowMs)) ?? pairs[0];
  if (pair === undefined) {
    return problem(
      'key_mismatch',
      'The private key does not belong to the certificate. Give the two of one pair.',
    );
  }
  const description = describeCertificate(pair.certificate);
  const identity = {
    cert: chainFrom(pair.certificate, certificates).map(String).join(''),
    key: pair.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  return untimely(pair.certificate, nowMs) ?? refusedByTls(identity) ?? { ok: true, identity, description };
}

function isUsable({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  switch (asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      // Every connection has to sign with it, on this thread.
      return (asymmetricKeyDetails?.modulusLength ?? 0) <= MAX_RSA_BITS;
    case 'ec':
      return CURVES.has(asymmetricKeyDetails?.namedCurve ?? '');
    default:
      return asymmetricKeyType === 'ed25519' || asymmetricKeyType === 'ed448';
  }
}

function isPair(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.checkPrivateKey(key);
  } catch {
    // Its public key is of a kind OpenSSL doesn't know.
    return false;
  }
}

/**
 * The certificate, the one that signed it, and so on: the order TLS wants them in (RFC 8446, 4.4.2). The root
 * is left out, as who asks for the certificate has it, and so is what doesn't belong to the chain.
 */
function chainFrom(leaf: X509Certificate, certificates: readonly X509Certificate[]): X509Certificate[] {
  const chain = [leaf];
  const others = new Set(certificates.filter((one) => !isSelfIssued(one)));
  for (let last: X509Certificate | undefined = leaf; last !== undefined; ) {
    others.delete(last);
    const signed: X509Certificate = last;
    last = [...others].find((one) => signed.checkIssued(one));
    if (last !== undefined) chain.push(last);
  }
  return chain;
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

function untimely(certificate: X509Certificate, nowMs: number): IdentityProblem | undefined {
  const { notBefore, notAfter } = describeCertificate(certificate);
  if (Date.parse(notAfter) < nowMs) {
    return problem('certificate_expired', `The certificate expired on ${notAfter}. Give its successor.`);
  }
  if (Date.parse(notBefore) > nowMs) {
    return problem(
      'certificate_not_yet_valid',
      `The certificate is valid from ${notBefore} on. Give one that is valid now, or set this one then.`,
    );
  }
  return undefined;
}

/** OpenSSL has rules of its own, such as the least length of a key: what it won't send is told now. */
function refusedByTls(identity: ClientIdentity): IdentityProblem | undefined {
  try {
    createSecureContext(identity);
    return undefined;
  } catch {
    return problem(
      'certificate_not_usable',
      'TLS refuses this certificate: its key is too short, or its signature outdated. Use RSA of 2048 bits or more, ' +
        'or EC, signed with SHA-256 or better.',
    );
  }
}

function tooLong(field: string, maxLength: number): IdentityProblem {
  const code = field === 'key' ? 'key_unreadable' : 'certificate_unreadable';
  return problem(code, `The ${field} is longer than ${maxLength} characters. Give only what belongs to it.`);
}
