import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type SecureContext } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { contextTrusting, createSecureContexts, toTlsIdentity } from './tls-identity.ts';

const folder = new URL('../../test/support/certificates/', import.meta.url);
const pem = (name: string) => readFileSync(new URL(`${name}.pem`, folder), 'utf8');
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function trusts(secureContext: SecureContext): Promise<boolean> {
  const server = createServer({ key: pem('server-key'), cert: pem('good') }).listen(0, '127.0.0.1');
  cleanups.push(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const target = { port, host: '127.0.0.1', servername: 'hooks.example', secureContext };
  const socket = connect({ ...target, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.destroy();
  return socket.authorized;
}

test('an authority is trusted in the context it was given to, and in none made before or after', async () => {
  const contexts = createSecureContexts(undefined);
  const before = contexts({ id: 'before' });
  const own = contexts({ id: 'own', ca: pem('ca') });
  expect(await trusts(own)).toBe(true);
  expect(await trusts(before)).toBe(false);
  expect(await trusts(contexts({ id: 'after' }))).toBe(false);
  expect(await trusts(contexts(undefined))).toBe(false);
});

test('where a context cannot be added to, one is made with all authorities', async () => {
  const made = contextTrusting([pem('ca')], {}, () => ({}));
  expect(await trusts(made)).toBe(true);
});

test('an identity has another name if anything in it is another', () => {
  const all = [
    { ca: 'a' },
    { cert: 'a', key: 'b' },
    { cert: 'a', key: 'c' },
    { cert: 'a', key: 'b', ca: 'c' },
    { cert: 'a', key: 'b', ca: 'd' },
  ];
  expect(new Set(all.map((parts) => toTlsIdentity(parts)?.id)).size).toBe(all.length);
  expect(toTlsIdentity({ cert: 'a', key: 'b' })).toEqual(toTlsIdentity({ key: 'b', cert: 'a' }));
  expect(toTlsIdentity({})).toBeUndefined();
});

test('connections without an identity share one context', () => {
  const contexts = createSecureContexts(pem('ca'));
  expect(contexts(undefined)).toBe(contexts(undefined));
});
