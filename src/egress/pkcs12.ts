import type { KeyObject, X509Certificate } from 'node:crypto';
import { childrenOf, type Element, identifierOf, octetsOf, readElement } from './ber.ts';
import { readCertificate } from './certificate.ts';
import { type IdentityProblem, problem } from './identity-problem.ts';
import type { WorkLimit } from './key-derivation.ts';
import { decrypt } from './passphrase-encryption.ts';
import { openEncryptedKey, readKey } from './private-key.ts';

export interface OpenedPkcs12 {
  readonly ok: true;
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const KEY_BAG = '1.2.840.113549.1.12.10.1.1';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509 = '1.2.840.113549.1.9.22.1';

const MAX_KEYS = 4;
const MAX_CERTIFICATES = 20;

/**
 * Opens a PKCS#12 file (RFC 7292). node:crypto doesn't: only `pfx` of node:tls takes such a file, without
 * telling what is in it, on this thread for as long as the file says it takes, and trusting its certificates
 * as authorities for servers too. The file's own checksum (its MAC) isn't looked at: that the key fits the
 * certificate says more.
 */
export async function openPkcs12(
  file: Buffer,
  passphrase: string,
  limit: WorkLimit,
): Promise<OpenedPkcs12 | IdentityProblem> {
  const [, authSafe] = childrenOf(readElement(file));
  const content = contentOf(authSafe, DATA);
  if (content === undefined) return unreadable();
  const bags: Element[] = [];
  for (const safe of childrenOf(readElement(content))) {
    const opened = await openSafe(safe, passphrase, limit);
    if (!Array.isArray(opened)) return opened;
    bags.push(...opened);
  }
  return openBags(bags, passphrase, limit);
}

/** What a ContentInfo of this type holds: an explicit tag around a string of octets. */
function contentOf(info: Element | undefined, type: string): Buffer | undefined {
  const [identifier, wrapped] = childrenOf(info);
  return identifierOf(identifier) === type ? octetsOf(childrenOf(wrapped)[0]) : undefined;
}

async function openSafe(
  safe: Element,
  passphrase: string,
  limit: WorkLimit,
): Promise<Element[] | IdentityProblem> {
  const clear = contentOf(safe, DATA);
  if (clear !== undefined) return [...childrenOf(readElement(clear))];
  const [identifier, wrapped] = childrenOf(safe);
  if (identifierOf(identifier) !== ENCRYPTED_DATA) return unreadable();
  const [, encrypted] = childrenOf(childrenOf(wrapped)[0]);
  const [, algorithm, data] = childrenOf(encrypted);
  const decrypted = await decrypt(algorithm, octetsOf(data), passphrase, limit);
  if (decrypted.ok) return [...childrenOf(readElement(decrypted.bytes))];
  switch (decrypted.why) {
    case 'wrong_passphrase':
      return problem('passphrase_wrong', 'The passphrase does not open the PKCS#12 file.');
    case 'too_much_work':
      return problem(
        'certificate_unreadable',
        'The PKCS#12 file takes too many rounds to open. Export it again with fewer iterations.',
      );
    case 'unsupported':
      return problem(
        'certificate_unreadable',
        'The PKCS#12 file is encrypted in a way that is not supported, most likely with RC2. ' +
          'Export it again with AES, or give certificate and key as PEM.',
      );
  }
}

async function openBags(
  bags: readonly Element[],
  passphrase: string,
  limit: WorkLimit,
): Promise<OpenedPkcs12 | IdentityProblem> {
  const ofType = (type: string): Element[] => bags.filter((bag) => identifierOf(childrenOf(bag)[0]) === type);
  const certificateBags = ofType(CERTIFICATE_BAG);
  const clearKeys = ofType(KEY_BAG);
  const shroudedKeys = ofType(SHROUDED_KEY_BAG);
  if (certificateBags.length > MAX_CERTIFICATES || clearKeys.length + shroudedKeys.length > MAX_KEYS) {
    return problem(
      'certificate_unreadable',
      `The PKCS#12 file holds more than ${MAX_CERTIFICATES} certificates or ${MAX_KEYS} keys. Export one ` +
        'certificate with its key and chain.',
    );
  }
  const keys: KeyObject[] = [];
  for (const bag of [...clearKeys, ...shroudedKeys]) {
    const value = contentOfBag(bag)?.whole ?? Buffer.alloc(0);
    const isClear = clearKeys.includes(bag);
    const opened = isClear ? readKey(value, 'pkcs8') : await openEncryptedKey(value, passphrase, limit);
    if (!opened.ok) return opened;
    keys.push(opened.key);
  }
  const certificates = certificateBags.map(certificateOf).filter((one) => one !== undefined);
  if (certificates.length < certificateBags.length) return unreadable();
  return { ok: true, certificates, keys };
}

function certificateOf(bag: Element): X509Certificate | undefined {
  const [type, wrapped] = childrenOf(contentOfBag(bag));
  const der = identifierOf(type) === X509 ? octetsOf(childrenOf(wrapped)[0]) : undefined;
  return der && readCertificate(der);
}

function contentOfBag(bag: Element): Element | undefined {
  return childrenOf(childrenOf(bag)[1])[0];
}

function unreadable(): IdentityProblem {
  return problem(
    'certificate_unreadable',
    'This is not a PKCS#12 file in base64, or it is damaged. Encode the .p12 or .pfx file itself, whole.',
  );
}
