import { createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, startReceiver } from '../../test/support/receiver.ts';
import { parseAddressRanges } from './address.ts';
import { createSender, type OutgoingRequest, type Sender, type SenderOptions } from './send.ts';

const loopback = { allowHttp: true, allow: parseAddressRanges('127.0.0.0/8') };
const toLoopback = async () => [{ address: '127.0.0.1', family: 4 as const }];
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newSender(options: Partial<SenderOptions> = {}): Sender {
  const sender = createSender({ policy: loopback, ...options });
  cleanups.push(() => sender.destroy());
  return sender;
}

async function newReceiver(answer?: Answer) {
  const receiver = await startReceiver(answer);
  cleanups.push(() => receiver.close());
  return receiver;
}

/** A server that answers every connection's first bytes with these, and keeps or closes the connection. */
async function newRawServer(onData: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('data', () => onData(socket));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return (server.address() as { port: number }).port;
}

function outgoing(url: string, changes: Partial<OutgoingRequest> = {}): OutgoingRequest {
  const defaults = { isolation: 'a', headers: {}, body: '{}', timeoutMs: 5_000, connectTimeoutMs: 2_000 };
  return { url, ...defaults, ...changes };
}

/** undici gives a connection the next request only once the event loop went round. */
const connectionIsFree = () => setTimeout(5);

describe('a request', () => {
  test('is a POST with the headers and the body given, and nothing that invites compression', async () => {
    const receiver = await newReceiver({ status: 202, headers: { 'x-seen': 'yes' }, body: 'thanks' });
    const headers = { 'content-type': 'application/json', 'webhook-id': 'msg_1' };
    const sent = await newSender().send(outgoing(`${receiver.url}a/b?c=d`, { headers, body: '{"ü":1}' }));
    expect(sent).toMatchObject({ kind: 'response', status: 202, bodyTruncated: false });
    if (sent.kind !== 'response') return;
    expect(sent.headers['x-seen']).toBe('yes');
    expect(Buffer.from(sent.body).toString()).toBe('thanks');
    expect(receiver.requests[0]).toMatchObject({
      method: 'POST',
      path: '/a/b?c=d',
      body: '{"ü":1}',
      headers,
    });
    expect(receiver.requests[0]?.headers['accept-encoding']).toBeUndefined();
    expect(receiver.requests[0]?.headers['content-length']).toBe('8');
  });

  test('may have a body of bytes, or none', async () => {
    const receiver = await newReceiver();
    const sender = newSender();
    await sender.send(outgoing(receiver.url, { body: new TextEncoder().encode('-bytes-').subarray(1, 6) }));
    await sender.send(outgoing(receiver.url, { body: '' }));
    expect(receiver.requests.map(({ body }) => body)).toEqual(['bytes', '']);
  });

  test('goes to the pinned address, with the name of the URL in its Host header', async () => {
    const receiver = await newReceiver();
    const sender = newSender({ lookup: toLoopback });
    const sent = await sender.send(outgoing(`http://hooks.example:${receiver.port}/`));
    expect(sent).toMatchObject({ kind: 'response', status: 200 });
    expect(receiver.requests[0]?.headers.host).toBe(`hooks.example:${receiver.port}`);
  });

  test('reuses the connection of the one before', async () => {
    const receiver = await newReceiver();
    const sender = newSender({ lookup: toLoopback });
    for (let i = 0; i < 3; i++) {
      await sender.send(outgoing(`http://hooks.example:${receiver.port}/`));
      await connectionIsFree();
    }
    expect(receiver.requests.map(({ connectionId }) => connectionId)).toEqual([1, 1, 1]);
  });

  test('waits for a connection when all that the origin may have are busy', async () => {
    const receiver = await newReceiver({ delayMs: 20 });
    const sender = newSender({ connectionsPerOrigin: 2 });
    const sent = await Promise.all(Array.from({ length: 6 }, () => sender.send(outgoing(receiver.url))));
    expect(sent.every(({ kind }) => kind === 'response')).toBe(true);
    expect(new Set(receiver.requests.map(({ connectionId }) => connectionId))).toEqual(new Set([1, 2]));
  });

  test('does not wait for one that hangs at the same origin in another isolation', async () => {
    const receiver = await newReceiver((_, __, index) => (index === 0 ? new Promise(() => {}) : 200));
    const sender = newSender({ connectionsPerOrigin: 1 });
    const hanging = sender.send(outgoing(receiver.url, { isolation: 'a' }));
    await receiver.waitFor(1);
    const other = await sender.send(outgoing(receiver.url, { isolation: 'b' }));
    expect(other).toMatchObject({ kind: 'response', status: 200 });
    await sender.destroy();
    expect(await hanging).toEqual({ kind: 'aborted' });
  });

  test('whose name now resolves to a private address does not reach it', async () => {
    const receiver = await newReceiver();
    const answers = ['127.0.0.1', '127.0.0.2'];
    const lookup = async () => [{ address: answers.shift() ?? '', family: 4 as const }];
    const policy = { allowHttp: true, allow: parseAddressRanges('127.0.0.1') };
    const sender = newSender({ policy, lookup });
    const url = `http://rebinding.example:${receiver.port}/`;
    expect(await sender.send(outgoing(url))).toMatchObject({ kind: 'response' });
    expect(await sender.send(outgoing(url))).toMatchObject({
      kind: 'failure',
      failure: { code: 'address_not_allowed' },
    });
    expect(receiver.requests).toHaveLength(1);
  });

  test('to a URL that the policy no longer allows is not sent', async () => {
    const receiver = await newReceiver();
    const sender = newSender({ policy: { allowHttp: false, allow: loopback.allow } });
    expect(await sender.send(outgoing(receiver.url))).toMatchObject({
      failure: {
        code: 'url_not_allowed',
        reason: 'the URL must start with https://: this server does not send over plain http',
      },
    });
    const strict = newSender({ policy: { allowHttp: true, allow: [] } });
    expect(await strict.send(outgoing(receiver.url))).toMatchObject({
      failure: { code: 'address_not_allowed', reason: '127.0.0.1 is not a public address (loopback)' },
    });
    expect(receiver.requests).toEqual([]);
  });

  test('with a header that is not valid is a failure', async () => {
    const receiver = await newReceiver();
    const sent = await newSender().send(outgoing(receiver.url, { headers: { 'x-bad': 'a\nb' } }));
    expect(sent).toMatchObject({ failure: { code: 'network_error' } });
  });
});

describe('an answer', () => {
  test('that redirects is the answer: it is not followed', async () => {
    const other = await newReceiver();
    const receiver = await newReceiver({ status: 307, headers: { location: other.url } });
    expect(await newSender().send(outgoing(receiver.url))).toMatchObject({ kind: 'response', status: 307 });
    expect(other.requests).toEqual([]);
  });

  test('of 1 MiB is cut at 16 KiB, and its connection closed', async () => {
    const receiver = await newReceiver((_, response) => {
      response.writeHead(200);
      for (let i = 0; i < 16; i++) response.write(Buffer.alloc(65_536, 97));
      // Never ended: only closing the connection frees it.
    });
    const sent = await newSender().send(outgoing(receiver.url));
    expect(sent).toMatchObject({ kind: 'response', status: 200, bodyTruncated: true });
    expect(sent.kind === 'response' && sent.body.byteLength).toBe(16_384);
    await expect.poll(() => receiver.connections()).toBe(0);
  });

  test('of exactly 16 KiB is kept whole', async () => {
    const receiver = await newReceiver({ body: Buffer.alloc(16_384, 97) });
    const sent = await newSender().send(outgoing(receiver.url));
    expect(sent).toMatchObject({ bodyTruncated: false });
    expect(sent.kind === 'response' && sent.body.byteLength).toBe(16_384);
  });

  test('that is compressed stays as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const receiver = await newReceiver({ headers: { 'content-encoding': 'gzip' }, body: bomb });
    const sent = await newSender().send(outgoing(receiver.url));
    expect(sent.kind === 'response' && Buffer.from(sent.body)).toEqual(bomb.subarray(0, 16_384));
  });

  test('in several chunks is put together', async () => {
    const receiver = await newReceiver(async (_, response) => {
      response.write('one ');
      await setTimeout(10);
      response.end('two');
    });
    const sent = await newSender().send(outgoing(receiver.url));
    expect(sent.kind === 'response' && Buffer.from(sent.body).toString()).toBe('one two');
  });

  test('with informational responses before it is the final one', async () => {
    const receiver = await newReceiver((_, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.writeHead(201).end();
    });
    expect(await newSender().send(outgoing(receiver.url))).toMatchObject({ kind: 'response', status: 201 });
  });

  test('that comes before the whole body was sent counts', async () => {
    const answer = 'HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
    const port = await newRawServer((socket) => socket.write(answer));
    const sent = await newSender().send(
      outgoing(`http://127.0.0.1:${port}/`, { body: 'x'.repeat(2_000_000) }),
    );
    expect(sent).toMatchObject({ kind: 'response', status: 413 });
  });

  test('has the time it took', async () => {
    const times = [1_000, 1_250];
    const receiver = await newReceiver();
    const sent = await newSender({ now: () => times.shift() ?? 0 }).send(outgoing(receiver.url));
    expect(sent).toMatchObject({ durationMs: 250 });
  });
});

describe('a failure', () => {
  test('of a refused connection names the host as the account wrote it, not the address', async () => {
    const receiver = await startReceiver();
    await receiver.close();
    const sent = await newSender({ lookup: toLoopback }).send(
      outgoing(`http://hooks.example:${receiver.port}/`),
    );
    expect(sent).toMatchObject({
      kind: 'failure',
      failure: {
        code: 'connection_refused',
        reason: `connection refused by hooks.example:${receiver.port}`,
      },
    });
  });

  test('of a connection reset is told apart from one closed without an answer', async () => {
    const reset = await newRawServer((socket) => socket.resetAndDestroy());
    const closed = await newRawServer((socket) => socket.end());
    const sender = newSender({ lookup: toLoopback });
    expect(await sender.send(outgoing(`http://hooks.example:${reset}/`))).toMatchObject({
      failure: { code: 'connection_reset', reason: `connection reset by hooks.example:${reset}` },
    });
    expect(await sender.send(outgoing(`http://hooks.example:${closed}/`))).toMatchObject({
      failure: {
        code: 'connection_reset',
        reason: `hooks.example:${closed} closed the connection without an answer`,
      },
    });
  });

  test.each([
    [
      'SSH-2.0-OpenSSH_9.6\r\n',
      'the answer is not valid HTTP/1.1 (expected HTTP/, RTSP/ or ICE/)',
      undefined,
    ],
    [
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      'the answer is not valid HTTP/1.1',
      undefined,
    ],
    [
      'HTTP/1.1 099 Odd\r\ncontent-length: 2\r\n\r\nno',
      'the answer is not valid HTTP/1.1 (its status is 099)',
      undefined,
    ],
    [
      `HTTP/1.1 200 OK\r\nx-large: ${'a'.repeat(40_000)}\r\n\r\n`,
      'the headers of the answer are too large',
      undefined,
    ],
    [
      'HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n',
      'the answer is not valid HTTP/1.1 (invalid character in Content-Length)',
      undefined,
    ],
    [
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      'answered 200, but the answer is not valid HTTP/1.1 (invalid character in chunk size)',
      200,
    ],
    [
      'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf',
      'answered 200, but closed the connection before the body ended',
      200,
    ],
    [
      'HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\nhalf',
      'answered 200, but the body of the answer does not have the length its content-length states',
      200,
    ],
  ])('of the answer %j is a protocol error', async (answer, reason, status) => {
    const port = await newRawServer((socket) => socket.end(answer));
    const sent = await newSender().send(outgoing(`http://127.0.0.1:${port}/`));
    expect(sent).toMatchObject({
      kind: 'failure',
      failure: { code: 'protocol_error', reason },
      durationMs: expect.any(Number),
      ...(status && { status }),
    });
  });

  test('of a name that has no address comes from the lookup', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }));
    expect(await newSender({ lookup }).send(outgoing('http://hooks.example/'))).toMatchObject({
      failure: { code: 'dns_not_found', reason: 'the DNS does not know hooks.example' },
    });
  });
});

describe('the deadline', () => {
  test('covers waiting for the headers', async () => {
    const receiver = await newReceiver({ delayMs: 5_000 });
    const sent = await newSender().send(outgoing(receiver.url, { timeoutMs: 50 }));
    expect(sent).toMatchObject({ failure: { code: 'timeout', reason: 'no answer within 50 ms' } });
    expect(sent).not.toHaveProperty('status');
    await expect.poll(() => receiver.connections()).toBe(0);
  });

  test('covers a body that drips', async () => {
    const receiver = await newReceiver((_, response) => {
      const drip = setInterval(() => response.write('.'), 10);
      response.once('close', () => clearInterval(drip));
    });
    const sent = await newSender().send(outgoing(receiver.url, { timeoutMs: 100 }));
    expect(sent).toMatchObject({
      status: 200,
      failure: { code: 'timeout', reason: 'answered 200, but the body did not end within 100 ms' },
    });
  });

  test('covers a lookup', async () => {
    const sender = newSender({ lookup: () => new Promise(() => {}) });
    expect(await sender.send(outgoing('http://hooks.example/', { connectTimeoutMs: 30 }))).toMatchObject({
      failure: { code: 'dns_failed', reason: 'the DNS gave no address for hooks.example within 30 ms' },
    });
  });

  test('of a request in the queue leaves the connection to the next one', async () => {
    const receiver = await newReceiver((_, __, index) => (index === 0 ? { delayMs: 100 } : 200));
    const sender = newSender({ connectionsPerOrigin: 1 });
    const first = sender.send(outgoing(receiver.url));
    const queued = sender.send(outgoing(receiver.url, { timeoutMs: 30 }));
    const last = sender.send(outgoing(receiver.url));
    expect(await queued).toMatchObject({ failure: { code: 'timeout' } });
    expect([(await first).kind, (await last).kind]).toEqual(['response', 'response']);
    expect(receiver.requests.map(({ connectionId }) => connectionId)).toEqual([1, 1]);
  });
});

describe('a sender', () => {
  test('that is destroyed ends what is in flight as aborted', async () => {
    const receiver = await newReceiver({ delayMs: 5_000 });
    const sender = newSender({ lookup: (name) => (name === 'slow' ? new Promise(() => {}) : toLoopback()) });
    const waiting = sender.send(outgoing(`http://hooks.example:${receiver.port}/`));
    const resolving = sender.send(outgoing('http://slow/'));
    await receiver.waitFor(1);
    await sender.destroy();
    expect(await Promise.all([waiting, resolving])).toEqual([{ kind: 'aborted' }, { kind: 'aborted' }]);
    expect(await sender.send(outgoing(receiver.url))).toEqual({ kind: 'aborted' });
    await expect.poll(() => receiver.connections()).toBe(0);
  });

  test('may be destroyed twice', async () => {
    const sender = newSender();
    await sender.destroy();
    await sender.destroy();
  });
});
