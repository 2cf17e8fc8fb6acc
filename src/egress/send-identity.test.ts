import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { type AnswerFunction, startReceiver } from '../../test/support/receiver.ts';
import { parseAddressRanges } from './address.ts';
import { judgeClientCertificate } from './client-identity.ts';
import { createSender, type Sender, type SenderOptions } from './send.ts';
import type { TlsIdentity } from './tls-identity.ts';

const folder = new URL('../../test/support/certificates/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder));
const pem = (...names: string[]) => names.map((name) => read(`${name}.pem`).toString()).join('');
const client = (...names: string[]) => pem(...names.map((name) => `clients/${name}`));

const good = { id: 'good', cert: client('good', 'issuing'), key: client('key') };
const renewed = { id: 'renewed', cert: client('renewed', 'issuing'), key: client('other-key') };

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Answers with the name in the client's certificate. */
const nameOfClient: AnswerFunction = (_, { socket }) => ({
  body: (socket instanceof TLSSocket && socket.getPeerX509Certificate()?.subject) || 'nobody',
});

async function newReceiver(tls: object = {}, answer: AnswerFunction = nameOfClient) {
  const asking = { ca: client('root'), requestCert: true, rejectUnauthorized: true };
  const receiver = await startReceiver(answer, {
    tls: { key: pem('server-key'), cert: pem('good'), ...asking, ...tls },
  });
  cleanups.push(() => receiver.close());
  return receiver;
}

function newSender(options: Partial<SenderOptions> = {}): Sender {
  const policy = { allowHttp: true, allow: parseAddressRanges('127.0.0.0/8') };
  const lookup = async () => [{ address: '127.0.0.1', family: 4 as const }];
  const sender = createSender({ policy, lookup, tls: { ca: pem('ca') }, ...options });
  cleanups.push(() => sender.destroy());
  return sender;
}

function sendTo(port: number, sender: Sender, tls?: TlsIdentity, isolation = 'a') {
  const url = `https://hooks.example:${port}/`;
  const times = { timeoutMs: 5_000, connectTimeoutMs: 2_000 };
  return sender.send({ isolation, url, headers: {}, body: '{}', tls, ...times });
}

/** The body of the answer; the code and the reason if there was none. */
async function outcomeOf(sending: ReturnType<typeof sendTo>): Promise<string> {
  const sent = await sending;
  if (sent.kind === 'response') return Buffer.from(sent.body).toString();
  return sent.kind === 'failure' ? `${sent.failure.code}: ${sent.failure.reason}` : sent.kind;
}

describe.each(['TLSv1.2', 'TLSv1.3'])('over %s', (version) => {
  const only = { minVersion: version, maxVersion: version };

  test('a server that asks for a certificate gets that of the webhook, with its chain', async () => {
    const { port } = await newReceiver(only);
    expect(await outcomeOf(sendTo(port, newSender(), good))).toBe('O=Acme\nCN=acme');
  });

  test('a server that asks for one of a webhook without any is told apart from other failures', async () => {
    const { port, requests } = await newReceiver(only);
    expect(await outcomeOf(sendTo(port, newSender()))).toBe(
      'tls_client_certificate_required: the server asks for a client certificate, and the webhook has none',
    );
    expect(requests).toEqual([]);
  });

  test.each([
    ['that has expired', 'expired'],
    ['of another authority', 'stranger'],
  ])('one %s gets no request through', async (_, name) => {
    const { port, requests } = await newReceiver(only);
    const identity = { id: name, cert: client(name, 'issuing'), key: client('key') };
    // Node's servers close without an alert.
    expect(await outcomeOf(sendTo(port, newSender(), identity))).toMatch(
      /^(tls_failed|connection_reset): .*which some servers do when they do not accept the client certificate\)?$/,
    );
    expect(requests).toEqual([]);
  });

  test('a server that does not ask never learns of it', async () => {
    const { port } = await newReceiver({ ...only, requestCert: false });
    expect(await outcomeOf(sendTo(port, newSender(), good))).toBe('nobody');
  });
});

test('a certificate from a PKCS#12 file is sent as it was opened', async () => {
  const pkcs12 = read('clients/aes.p12').toString('base64');
  const verdict = await judgeClientCertificate({ pkcs12, passphrase: 'öppna sesam' }, Date.now());
  if (!verdict.ok) throw new Error(verdict.message);
  const { port } = await newReceiver();
  const sent = sendTo(port, newSender(), { id: 'file', ...verdict.identity });
  expect(await outcomeOf(sent)).toBe('O=Acme\nCN=acme');
});

test('a certificate that OpenSSL refuses is a failure of the webhook, not an exception', async () => {
  const { port } = await newReceiver();
  const broken = { id: 'broken', cert: good.cert, key: renewed.key };
  const sender = newSender();
  for (const _ of [1, 2]) {
    expect(await outcomeOf(sendTo(port, sender, broken))).toMatch(/^tls_client_certificate_unusable: /);
  }
  expect(await outcomeOf(sendTo(port, sender, good))).toBe('O=Acme\nCN=acme');
});

test('addresses are judged as for any other request', async () => {
  const { port, connections } = await newReceiver();
  const sender = newSender({ policy: { allowHttp: false, allow: [] } });
  expect(await outcomeOf(sendTo(port, sender, good))).toMatch(/^address_not_allowed: /);
  expect(connections()).toBe(0);
});

test('a request over plain http is sent without it', async () => {
  const receiver = await startReceiver({ body: 'plain' });
  cleanups.push(() => receiver.close());
  const request = { isolation: 'a', url: receiver.url, headers: {}, body: '', tls: { ...good, ca: 'none' } };
  const sent = await newSender().send({ ...request, timeoutMs: 5_000, connectTimeoutMs: 2_000 });
  expect(sent).toMatchObject({ kind: 'response', status: 200 });
});

describe('a private authority', () => {
  const noClient = { requestCert: false };

  test('is trusted for the webhook that names it, and for no other', async () => {
    const { port } = await newReceiver(noClient);
    const sender = newSender({ tls: {} });
    const own = { id: 'own', ca: pem('ca') };
    expect(await outcomeOf(sendTo(port, sender, own, 'a'))).toBe('nobody');
    expect(await outcomeOf(sendTo(port, sender, undefined, 'b'))).toMatch(/^tls_untrusted: /);
    expect(await outcomeOf(sendTo(port, sender, good, 'c'))).toMatch(/^tls_untrusted: /);
    expect(await outcomeOf(sendTo(port, sender, { id: 'own', ca: pem('self-signed') }, 'd'))).toMatch(
      /^tls_untrusted: /,
    );
    expect(await outcomeOf(sendTo(port, sender, undefined, 'a'))).toMatch(/^tls_untrusted: /);
  });

  test("may be the server's certificate itself", async () => {
    const { port } = await newReceiver(noClient);
    const sender = newSender({ tls: {} });
    expect(await outcomeOf(sendTo(port, sender, { id: 'pinned', ca: pem('good') }))).toBe('nobody');
  });

  test('does not make a certificate for another name good', async () => {
    const { port } = await newReceiver({ ...noClient, cert: pem('other-name') });
    const own = { id: 'own', ca: pem('ca', 'other-name') };
    expect(await outcomeOf(sendTo(port, newSender({ tls: {} }), own))).toMatch(/^tls_name_mismatch: /);
  });

  test("is trusted beside the usual ones and the server's own", async () => {
    const usual = getCACertificates('default');
    cleanups.push(async () => setDefaultCACertificates(usual));
    const { port } = await newReceiver(noClient);
    const own = { id: 'own', ca: client('root') };
    expect(await outcomeOf(sendTo(port, newSender(), own))).toBe('nobody');
    expect(await outcomeOf(sendTo(port, newSender({ tls: {} }), own))).toMatch(/^tls_untrusted: /);
    setDefaultCACertificates([pem('ca')]);
    expect(await outcomeOf(sendTo(port, newSender({ tls: {} }), own))).toBe('nobody');
  });
});

describe('an identity that changes', () => {
  test('is used for the next request, while one under the old ends as it began', async () => {
    const held = Promise.withResolvers<void>();
    const receiver = await newReceiver({}, async (request, response, index) => {
      if (index === 0) await held.promise;
      return nameOfClient(request, response, index);
    });
    const sender = newSender();
    const first = outcomeOf(sendTo(receiver.port, sender, good));
    await receiver.waitFor(1);
    expect(await outcomeOf(sendTo(receiver.port, sender, renewed))).toBe('CN=acme\\, renewed');
    expect(receiver.connections()).toBe(2);
    held.resolve();
    expect(await first).toBe('O=Acme\nCN=acme');
    await expect.poll(() => receiver.connections()).toBe(1);
  });

  test('leaves no connection that was idle open, and the new one is reused', async () => {
    const receiver = await newReceiver();
    const sender = newSender();
    for (const identity of [good, good, renewed, renewed, undefined]) {
      await sendTo(receiver.port, sender, identity);
      await setTimeout(5); // undici gives a connection the next request only once the event loop went round
    }
    expect(receiver.requests.map(({ connectionId }) => connectionId)).toEqual([1, 1, 2, 2]);
    await expect.poll(() => receiver.connections()).toBe(0);
  });

  test('does not keep a request under the old from being ended with its sender', async () => {
    const receiver = await newReceiver({}, (request, response, index) =>
      index === 0 ? new Promise(() => {}) : nameOfClient(request, response, index),
    );
    const sender = newSender();
    const first = outcomeOf(sendTo(receiver.port, sender, good));
    await receiver.waitFor(1);
    await sendTo(receiver.port, sender, renewed);
    await sender.destroy();
    expect(await first).toBe('aborted');
    await expect.poll(() => receiver.connections()).toBe(0);
  });
});
