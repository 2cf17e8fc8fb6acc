import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { startReceiver } from '../../test/support/receiver.ts';
import { parseAddressRanges } from './address.ts';
import { createSender, type Sender, type SenderOptions } from './send.ts';

const folder = new URL('../../test/support/certificates/', import.meta.url);
const pem = (name: string) => readFileSync(new URL(`${name}.pem`, folder), 'utf8');
const ca = pem('ca');
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function newReceiver(certificate: string) {
  const receiver = await startReceiver(200, { tls: { key: pem('server-key'), cert: pem(certificate) } });
  cleanups.push(() => receiver.close());
  return receiver;
}

/** A server that says nothing. `onData` is called with the first bytes of each connection. */
async function newSilentServer(onData: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.once('data', () => onData(socket));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return (server.address() as { port: number }).port;
}

function newSender(options: Partial<SenderOptions> = {}): Sender {
  const policy = { allowHttp: false, allow: parseAddressRanges('127.0.0.0/8') };
  const lookup = async () => [{ address: '127.0.0.1', family: 4 as const }];
  const sender = createSender({ policy, lookup, tls: { ca }, ...options });
  cleanups.push(() => sender.destroy());
  return sender;
}

function sendTo(port: number, sender: Sender, host = 'hooks.example', connectTimeoutMs = 2_000) {
  const url = `https://${host}:${port}/`;
  return sender.send({ isolation: 'a', url, headers: {}, body: '{}', timeoutMs: 5_000, connectTimeoutMs });
}

test('a request over TLS names the host to the server, and reuses its connection', async () => {
  const receiver = await newReceiver('good');
  const sender = newSender();
  expect(await sendTo(receiver.port, sender)).toMatchObject({ kind: 'response', status: 200 });
  await setTimeout(5); // undici gives a connection the next request only once the event loop went round
  expect(await sendTo(receiver.port, sender)).toMatchObject({ kind: 'response', status: 200 });
  expect(receiver.requests.map(({ connectionId }) => connectionId)).toEqual([1, 1]);
  expect(receiver.requests[0]?.headers.host).toBe(`hooks.example:${receiver.port}`);
});

test('a certificate for an address is verified against the address in the URL', async () => {
  const good = await newReceiver('good');
  expect(await sendTo(good.port, newSender(), '127.0.0.1')).toMatchObject({ kind: 'response' });
  const other = await newReceiver('expired');
  expect(await sendTo(other.port, newSender(), '127.0.0.1')).toMatchObject({ kind: 'failure' });
});

test("a host name with the root's dot matches the certificate", async () => {
  const receiver = await newReceiver('good');
  expect(await sendTo(receiver.port, newSender(), 'hooks.example.')).toMatchObject({ kind: 'response' });
});

test.each([
  ['expired', '2021-01-03T01:00:00Z', 'tls_certificate_expired', 'the certificate expired 2 days ago'],
  ['expired', '2021-01-01T01:30:00Z', 'tls_certificate_expired', 'the certificate expired 1 hour ago'],
  [
    'future',
    '2109-12-31T00:00:00Z',
    'tls_certificate_not_yet_valid',
    'the certificate only becomes valid in 1 day',
  ],
])('a certificate that is %s, seen at %s, is %s', async (certificate, at, code, reason) => {
  const receiver = await newReceiver(certificate);
  const sent = await sendTo(receiver.port, newSender({ now: () => Date.parse(at) }));
  expect(sent).toMatchObject({ kind: 'failure', failure: { code, reason } });
});

test('a certificate for another name is refused, and says for which', async () => {
  const receiver = await newReceiver('other-name');
  expect(await sendTo(receiver.port, newSender())).toMatchObject({
    failure: {
      code: 'tls_name_mismatch',
      reason: 'the certificate is for other.example, *.other.example, not for hooks.example',
    },
  });
});

test('a self-signed certificate is refused', async () => {
  const receiver = await newReceiver('self-signed');
  expect(await sendTo(receiver.port, newSender())).toMatchObject({
    failure: { code: 'tls_self_signed', reason: 'the certificate is self-signed' },
  });
});

test('a certificate of an authority that is not trusted is refused', async () => {
  const receiver = await newReceiver('good');
  expect(await sendTo(receiver.port, newSender({ tls: {} }))).toMatchObject({
    failure: {
      code: 'tls_untrusted',
      reason: expect.stringContaining('the certificate is not signed by an authority we trust'),
    },
  });
  expect(receiver.requests).toEqual([]);
});

test('an authority that is given is trusted beside the usual ones, not in place of them', async () => {
  const receiver = await newReceiver('good');
  const usual = getCACertificates('default');
  cleanups.push(async () => setDefaultCACertificates(usual));
  setDefaultCACertificates([ca]);
  const sender = newSender({ tls: { ca: pem('self-signed') } });
  expect(await sendTo(receiver.port, sender)).toMatchObject({ kind: 'response', status: 200 });
});

test('a port that does not speak TLS says so', async () => {
  const receiver = await startReceiver();
  cleanups.push(() => receiver.close());
  expect(await sendTo(receiver.port, newSender())).toMatchObject({
    failure: { code: 'tls_failed', reason: 'the TLS handshake failed (the port does not speak TLS)' },
  });
});

test('a server that closes in the middle of the handshake is a TLS failure', async () => {
  const port = await newSilentServer((socket) => socket.destroy());
  expect(await sendTo(port, newSender())).toMatchObject({
    failure: {
      code: 'tls_failed',
      reason: `the TLS handshake failed (hooks.example:${port} closed the connection)`,
    },
  });
});

test('the deadline for connecting covers the handshake', async () => {
  const port = await newSilentServer(() => {});
  expect(await sendTo(port, newSender(), 'hooks.example', 50)).toMatchObject({
    failure: { code: 'connect_timeout', reason: 'could not connect within 50 ms' },
  });
});

test('destroying a sender cuts a connection in the middle of the handshake', async () => {
  const sender = newSender();
  const cut = Promise.withResolvers<void>();
  const port = await newSilentServer((socket) => {
    socket.once('close', () => cut.resolve());
    void sender.destroy();
  });
  expect(await sendTo(port, sender)).toEqual({ kind: 'aborted' });
  await cut.promise;
});
