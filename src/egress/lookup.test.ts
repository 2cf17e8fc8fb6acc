import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { createLookup, type LookupOptions } from './lookup.ts';
import { createResolver } from './resolve.ts';

const strict = { allowHttp: true, allow: [] };
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

// RFC 1035, 4.1.1 and 3.2.2; AAAA by RFC 3596.
const codes = { ok: 0, serverFailure: 2, unknownName: 3, refused: 5 };
const [typeA, typeAaaa] = [1, 28];

interface Question {
  readonly name: string;
  readonly type: number;
}
/** The addresses to answer with, as their bytes, or a code. Undefined: no answer, until `release`. */
type Zone = (question: Question) => Uint8Array[] | keyof typeof codes | undefined;

/** A DNS server over UDP. It keeps the questions it gives no answer to, and `release` says the names are unknown. */
async function startDns(zone: Zone) {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  cleanups.push(() => socket.close());
  await once(socket, 'listening');
  const asked: Question[] = [];
  const held: (() => void)[] = [];
  let isReleased = false;
  socket.on('message', (query, { port, address }: RemoteInfo) => {
    const question = readQuestion(query);
    asked.push(question);
    const reply = (data: Uint8Array[], code: number) =>
      socket.send(writeAnswer(query, question, data, code), port, address);
    const found = zone(question) ?? (isReleased ? 'unknownName' : undefined);
    if (found === undefined) held.push(() => reply([], codes.unknownName));
    else if (typeof found === 'string') reply([], codes[found]);
    else reply(found, codes.ok);
  });
  const release = () => {
    isReleased = true;
    for (const answer of held.splice(0)) answer();
  };
  return { servers: [`127.0.0.1:${socket.address().port}`], asked, release, socket };
}

function readQuestion(query: Buffer): Question {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1) };
}

function writeAnswer(query: Buffer, { name, type }: Question, data: Uint8Array[], code: number): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2); // an answer, recursion desired and available
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(data.length, 6);
  const question = query.subarray(12, 12 + name.length + 6);
  return Buffer.concat([header, question, ...data.map((address) => writeRecord(type, address))]);
}

function writeRecord(type: number, data: Uint8Array): Buffer {
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0); // the name of the question
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4); // the Internet
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([record, data]);
}

const v4 = (...bytes: number[]) => Uint8Array.from(bytes);
const v6 = (hex: string) => Buffer.from(hex.padEnd(32, '0'), 'hex');
const lookupOf = (servers: string[], options: Partial<LookupOptions> = {}) =>
  createLookup({ localNames: false, servers, ...options });

describe('the lookup', () => {
  test('finds the addresses of both families, IPv4 first', async () => {
    const { servers } = await startDns(({ type }) =>
      type === typeA ? [v4(8, 8, 8, 8), v4(1, 1, 1, 1)] : [v6('26064700')],
    );
    expect(await lookupOf(servers)('both.example')).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::', family: 6 },
    ]);
  });

  test.each(['ok', 'unknownName', 'serverFailure'] as const)(
    'takes one family if the answer for the other is %s',
    async (other) => {
      const answers = new Map<string, Uint8Array[]>([
        [`v4.example ${typeA}`, [v4(8, 8, 8, 8)]],
        [`v6.example ${typeAaaa}`, [v6('26064700')]],
      ]);
      const { servers } = await startDns(({ name, type }) => answers.get(`${name} ${type}`) ?? other);
      const lookup = lookupOf(servers);
      expect(await lookup('v4.example')).toEqual([{ address: '8.8.8.8', family: 4 }]);
      expect(await lookup('v6.example')).toEqual([{ address: '2606:4700::', family: 6 }]);
    },
  );

  test('keeps no answer', async () => {
    const { servers, asked } = await startDns(({ type }) => (type === typeA ? [v4(8, 8, 8, 8)] : 'ok'));
    const lookup = lookupOf(servers);
    await lookup('a.example');
    await lookup('a.example');
    expect(asked).toHaveLength(4);
  });

  test('asks the system about a name the DNS does not know, only if local names are in use', async () => {
    const { servers } = await startDns(() => 'unknownName');
    // The only name that is in the hosts file of every machine.
    await expect(lookupOf(servers)('localhost')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    const found = await lookupOf(servers, { localNames: true })('localhost');
    expect(['127.0.0.1', '::1']).toContain(found[0]?.address);
  });

  test('does not ask the system about a name whose name servers are in trouble', async () => {
    const { servers } = await startDns(() => 'serverFailure');
    const lookup = lookupOf(servers, { localNames: true });
    await expect(lookup('localhost')).rejects.toMatchObject({ code: 'ESERVFAIL' });
  });
});

describe('resolving over the DNS', () => {
  test('a name does not wait for others whose name servers never answer', async () => {
    const dns = await startDns(({ name, type }) => {
      if (name.startsWith('silent')) return undefined;
      return type === typeA ? [v4(8, 8, 8, 8)] : 'ok';
    });
    const resolve = createResolver(strict, lookupOf(dns.servers));
    let ended = 0;
    const silent = Array.from({ length: 100 }, async (_, i) => {
      const resolved = await resolve(`silent-${i}.example`);
      ended += 1;
      return resolved;
    });
    while (dns.asked.length < 200) await once(dns.socket, 'message');
    expect(await resolve('good.example')).toMatchObject({ ok: true, address: '8.8.8.8' });
    expect(ended).toBe(0);
    dns.release();
    for (const resolved of await Promise.all(silent)) {
      expect(resolved).toMatchObject({ failure: { code: 'dns_not_found' } });
    }
  });

  test.each([
    ['unknownName', 'dns_not_found', 'the DNS does not know hooks.example'],
    ['ok', 'dns_not_found', 'the DNS has no address for hooks.example'],
    [
      'serverFailure',
      'dns_failed',
      'the DNS failed to look up hooks.example: its name servers may be out of order',
    ],
    ['refused', 'dns_failed', 'the DNS refused to look up hooks.example'],
  ] as const)('the answer %s is %s', async (answer, code, reason) => {
    const { servers } = await startDns(() => answer);
    const resolve = createResolver(strict, lookupOf(servers));
    expect(await resolve('hooks.example')).toMatchObject({ ok: false, failure: { code, reason } });
  });

  test('a failing answer for one family is not taken for an unknown name', async () => {
    const { servers } = await startDns(({ type }) => (type === typeA ? 'unknownName' : 'serverFailure'));
    const resolve = createResolver(strict, lookupOf(servers));
    expect(await resolve('hooks.example')).toMatchObject({ failure: { code: 'dns_failed' } });
  });

  test('a name whose name servers never answer fails, within the time of the caller or its own', async () => {
    const { servers } = await startDns(() => undefined);
    const resolve = createResolver(strict, lookupOf(servers, { timeoutMs: 50 }));
    expect(await resolve('hooks.example', 5)).toMatchObject({
      ok: false,
      failure: { code: 'dns_failed', reason: 'the DNS gave no address for hooks.example within 5 ms' },
    });
    expect(await resolve('hooks.example')).toMatchObject({
      ok: false,
      failure: { code: 'dns_failed', reason: 'the DNS gave no address for hooks.example in time' },
    });
  });

  test('a DNS server that cannot be reached is not taken for the receiver', async () => {
    const { servers, socket } = await startDns(() => undefined);
    cleanups.length = 0;
    await new Promise<void>((closed) => socket.close(closed));
    const resolve = createResolver(strict, lookupOf(servers));
    expect(await resolve('hooks.example')).toMatchObject({
      ok: false,
      failure: { code: 'dns_failed', reason: 'the DNS could not be asked about hooks.example' },
    });
  });

  test('an address in the answer that is not public refuses the name', async () => {
    const { servers } = await startDns(({ type }) => (type === typeA ? [v4(8, 8, 8, 8)] : [v6('fd00')]));
    const resolve = createResolver(strict, lookupOf(servers));
    expect(await resolve('mixed.example')).toMatchObject({ failure: { code: 'address_not_allowed' } });
  });
});
