import { createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClientCertificate,
  expiresSoon,
  type IdentityVerdict,
  judgeClientCertificate,
} from './client-identity.ts';

const folder = new URL('../../test/support/certificates/clients/', import.meta.url);
const pem = (...names: string[]) =>
  names.map((name) => readFileSync(new URL(`${name}.pem`, folder), 'utf8')).join('');
const file = (name: string) => readFileSync(new URL(`${name}.p12`, folder));
const NOW = Date.parse('2026-03-13T14:30:00Z');

const judge = (given: ClientCertificate, nowMs = NOW) => judgeClientCertificate(given, nowMs);
const judgeFile = (name: string, passphrase?: string) =>
  judge({ pkcs12: file(name).toString('base64'), passphrase });

function accepted(verdict: IdentityVerdict) {
  if (!verdict.ok) throw new Error(verdict.message);
  return verdict;
}
const fingerprints = (chain: string) =>
  chain
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .filter((one) => one !== '')
    .map((one) => new X509Certificate(one).fingerprint256);
const good = fingerprints(pem('good', 'issuing'));

describe('a certificate in PEM', () => {
  test('is described, and kept in the order TLS wants, with its chain alone', async () => {
    const certificate = pem('root', 'issuing', 'good', 'renewed');
    const { identity, description } = accepted(await judge({ certificate, key: pem('key') }));
    expect(description).toEqual({
      subject: 'O=Acme, CN=acme',
      issuer: 'CN=Waybill test clients\\, issuing',
      fingerprintSha256: good[0],
      notBefore: '2020-01-01T00:00:00.000Z',
      notAfter: '2120-01-01T00:00:00.000Z',
    });
    expect(fingerprints(identity.cert)).toEqual(good);
  });

  test('that is valid now is taken before others with the same key', async () => {
    const certificate = pem('expired', 'future', 'issuing', 'good');
    const { description } = accepted(await judge({ certificate, key: pem('key') }));
    expect(description.fingerprintSha256).toBe(good[0]);
  });

  test('may have names, attributes and its key around it', async () => {
    const certificate = `subject=O=Acme\r\n${pem('key', 'good').replaceAll('\n', '\r\n')}\r\nthe end`;
    const { identity } = accepted(await judge({ certificate, key: pem('key') }));
    expect(identity.cert).not.toContain('KEY');
    expect(fingerprints(identity.cert)).toEqual(good.slice(0, 1));
  });

  test.each(['key', 'sec1-key', 'encrypted-key', 'scrypt-key', '3des-key', 'dek-info-key'])(
    'takes its key as %s, and keeps it opened',
    async (name) => {
      const given = { certificate: pem('good'), key: pem(name), passphrase: 'open sesame' };
      const { identity } = accepted(await judge(given));
      expect(identity.key).toBe(pem('key'));
    },
  );

  test('may have an RSA key in PKCS#1', async () => {
    const { identity } = accepted(await judge({ certificate: pem('rsa'), key: pem('rsa-pkcs1-key') }));
    expect(createPublicKey(identity.key).equals(createPublicKey(pem('rsa')))).toBe(true);
  });

  test.each([
    ['expired', 'key', 'certificate_expired', 'The certificate expired on 2021-01-01T00:00:00.000Z.'],
    [
      'future',
      'key',
      'certificate_not_yet_valid',
      'The certificate is valid from 2110-01-01T00:00:00.000Z on.',
    ],
    ['good', 'other-key', 'key_mismatch', 'The private key does not belong to the certificate.'],
    ['good', 'rsa-pkcs1-key', 'key_mismatch', 'The private key does not belong'],
    ['issuing', 'key', 'key_mismatch', 'The private key does not belong'],
    ['weak', 'weak-key', 'certificate_not_usable', 'TLS refuses this certificate'],
    ['key', 'key', 'certificate_unreadable', 'This is not a certificate in PEM.'],
    ['good', 'good', 'key_unreadable', 'There is no private key in it.'],
    ['good', 'slow-key', 'key_unreadable', 'The private key takes too many rounds to decrypt.'],
  ])('%s with %s is refused as %s', async (certificate, key, code, message) => {
    const given = { certificate: pem(certificate), key: pem(key), passphrase: 'open sesame' };
    expect(await judge(given)).toEqual({ ok: false, code, message: expect.stringContaining(message) });
  });

  test('is judged by the time given', async () => {
    const given = { certificate: pem('expired'), key: pem('key') };
    expect(await judge(given, Date.parse('2020-12-31T23:59:59Z'))).toMatchObject({ ok: true });
    expect(await judge(given, Date.parse('2021-01-01T00:00:01Z'))).toMatchObject({ ok: false });
  });

  test.each(['encrypted-key', 'scrypt-key', '3des-key', 'dek-info-key'])(
    'whose key is %s needs the right passphrase',
    async (name) => {
      const given = { certificate: pem('good'), key: pem(name) };
      expect(await judge({ ...given, passphrase: 'Open sesame' })).toMatchObject({
        code: 'passphrase_wrong',
      });
      expect(await judge(given)).toMatchObject({
        code: 'passphrase_wrong',
        message: 'The private key is encrypted: give its passphrase too.',
      });
    },
  );
});

describe('a certificate in PKCS#12', () => {
  const files: [string, string | undefined][] = [
    ['aes', 'öppna sesam'],
    ['3des', 'öppna sesam'],
    ['clear', undefined],
    ['no-passphrase', ''],
    ['no-passphrase', undefined],
    ['3des-no-passphrase', undefined],
  ];

  test.each(files)('%s is opened with its chain and key', async (name, passphrase) => {
    const { identity, description } = accepted(await judgeFile(name, passphrase));
    expect(fingerprints(identity.cert)).toEqual(good);
    expect(identity.key).toBe(pem('key'));
    expect(description).toMatchObject({ subject: 'O=Acme, CN=acme', fingerprintSha256: good[0] });
  });

  test.each(files)('%s holds what OpenSSL finds in it', async (name, passphrase = '') => {
    const secureContext = createSecureContext({ pfx: file(name), passphrase });
    const socket = new TLSSocket(new Duplex({ read() {}, write() {} }), { secureContext, isServer: true });
    const { description } = accepted(await judgeFile(name, passphrase));
    expect(description.fingerprintSha256).toBe(socket.getX509Certificate()?.fingerprint256);
    socket.destroy();
  });

  test('is opened as well if it was written with indefinite lengths and strings in pieces', async () => {
    for (const [name, passphrase] of files) {
      const pkcs12 = loosened(file(name)).toString('base64');
      expect(pkcs12).not.toBe(file(name).toString('base64'));
      const { identity } = accepted(await judge({ pkcs12, passphrase }));
      expect(fingerprints(identity.cert)).toEqual(good);
    }
  });

  test.each([
    ['aes', 'open sesame', 'passphrase_wrong', 'The passphrase does not open the PKCS#12 file.'],
    ['3des', undefined, 'passphrase_wrong', 'The passphrase does not open the PKCS#12 file.'],
    ['rc2', 'open sesame', 'certificate_unreadable', 'Export it again with AES'],
    ['slow', 'open sesame', 'certificate_unreadable', 'too many rounds'],
    ['no-key', 'open sesame', 'key_unreadable', 'There is no private key in it.'],
  ])('%s with the passphrase %s is refused as %s', async (name, passphrase, code, message) => {
    expect(await judgeFile(name, passphrase)).toEqual({
      ok: false,
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe('hostile input', () => {
  const codes = /^(certificate|key|passphrase)_[a-z_]+$/;
  const isAnswer = (verdict: IdentityVerdict) => verdict.ok || codes.test(verdict.code);

  test('of any bytes is an answer, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        const armoured = (label: string) => `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----`;
        expect(await judge({ pkcs12: base64 })).toMatchObject({ code: 'certificate_unreadable' });
        const certificate = armoured('CERTIFICATE');
        expect(isAnswer(await judge({ certificate, key: pem('key') }))).toBe(true);
        for (const label of ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY']) {
          const verdict = await judge({ certificate: pem('good'), key: armoured(label), passphrase: 'x' });
          expect(verdict).toMatchObject({ code: 'key_unreadable' });
        }
      }),
      { numRuns: 50 },
    );
  });

  test.each(['clear', 'aes'])('made from %s with an octet changed is an answer too', async (name) => {
    const original = file(name);
    const position = fc.nat({ max: original.length - 1 });
    await fc.assert(
      fc.asyncProperty(position, fc.nat({ max: 255 }), async (at, octet) => {
        const changed = Buffer.from(original);
        changed[at] = octet;
        const verdict = await judge({ pkcs12: changed.toString('base64'), passphrase: 'öppna sesam' });
        expect(isAnswer(verdict)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('of a size beyond the limits is refused before it is read', async () => {
    const certificate = pem('good').repeat(200);
    expect(await judge({ certificate, key: pem('key') })).toMatchObject({
      code: 'certificate_unreadable',
      message: 'The certificate is longer than 65536 characters. Give only what belongs to it.',
    });
    const long = { certificate: pem('good'), key: pem('key').repeat(100) };
    expect(await judge(long)).toMatchObject({ code: 'key_unreadable' });
    expect(await judge({ pkcs12: 'MIIA'.repeat(20_000) })).toMatchObject({ code: 'certificate_unreadable' });
  });

  test('of more certificates than a chain has is refused', async () => {
    const given = { certificate: pem('good').repeat(11), key: pem('key') };
    expect(await judge(given)).toMatchObject({
      message: expect.stringContaining('more than 10 certificates'),
    });
  });

  test('of nothing but beginnings is refused', async () => {
    const nested = Buffer.alloc(40_000, Buffer.from([0x30, 0x80])).toString('base64');
    expect(await judge({ pkcs12: nested })).toMatchObject({ code: 'certificate_unreadable' });
    const certificate = '-----BEGIN CERTIFICATE-----\n'.repeat(2_000);
    expect(await judge({ certificate, key: pem('key') })).toMatchObject({ code: 'certificate_unreadable' });
  });

  test('in a name is cut, and what would act instead of being seen is replaced', async () => {
    // A certificate can't be changed without breaking its signature, which nobody checks here.
    const der = Buffer.from(new X509Certificate(pem('stranger')).raw);
    const name = Buffer.from('stranger');
    const at = der.lastIndexOf(name);
    der.write('a\u202eb\u0007xx', at);
    const body = der.toString('base64');
    const certificate = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
    const { description } = accepted(await judge({ certificate, key: pem('key') }));
    expect(description.subject).toBe('CN=a\ufffdb\\07xx');
  });
});

describe('an expiry', () => {
  test('is soon from 30 days before it on', () => {
    const notAfter = '2026-04-12T14:30:00.000Z';
    expect(expiresSoon({ notAfter }, NOW - 1)).toBe(false);
    expect(expiresSoon({ notAfter }, NOW)).toBe(true);
    expect(expiresSoon({ notAfter }, Date.parse('2027-01-01'))).toBe(true);
  });
});

/**
 * Rewrites DER as BER: constructed elements with indefinite lengths, longer strings of octets in two pieces.
 */
function loosened(der: Buffer): Buffer {
  const written: Buffer[] = [];
  for (let at = 0; at < der.length; ) {
    const tag = der[at] ?? 0;
    const [start, end] = extent(der, at);
    const content = der.subarray(start, end);
    written.push(loosenedElement(tag, content, der.subarray(at, end)));
    at = end;
  }
  return Buffer.concat(written);
}

function loosenedElement(tag: number, content: Buffer, whole: Buffer): Buffer {
  const end = Buffer.from([0, 0]);
  if ((tag & 0x20) !== 0) return Buffer.concat([Buffer.from([tag, 0x80]), loosened(content), end]);
  if ((tag !== 0x04 && tag !== 0x80) || content.length < 20) return whole;
  const pieces = [content.subarray(0, 10), content.subarray(10)].map((piece) =>
    Buffer.concat([Buffer.from([0x04, 0x82, piece.length >> 8, piece.length & 0xff]), piece]),
  );
  return Buffer.concat([Buffer.from([tag | 0x20, 0x80]), ...pieces, end]);
}

function extent(der: Buffer, at: number): [start: number, end: number] {
  const length = der[at + 1] ?? 0;
  if (length < 0x80) return [at + 2, at + 2 + length];
  const start = at + 2 + (length - 0x80);
  return [start, start + der.readUIntBE(at + 2, length - 0x80)];
}
