import { readFileSync } from 'node:fs';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestClock } from '../../test/support/clock.ts';
import { type Answer, type PlainAnswer, startReceiver } from '../../test/support/receiver.ts';
import { parseAddressRanges } from '../egress/address.ts';
import { createSender, type SenderOptions } from '../egress/send.ts';
import { createOAuthTokens, type OAuthTokensOptions } from './oauth-tokens.ts';
import { authSchema, type OAuthSettings } from './settings.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function newServer(answer: Answer, tls?: { key: string; cert: string }) {
  const server = await startReceiver(answer, tls ? { tls } : {});
  cleanups.push(() => server.close());
  return server;
}

/** Gives tokens `t1`, `t2`, … */
const counting = (rest: object = { expires_in: 3600 }): Answer => {
  let count = 0;
  return () => {
    count += 1;
    return granting({ access_token: `t${count}`, ...rest });
  };
};
const granting = (grant: object): PlainAnswer => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ token_type: 'Bearer', ...grant }),
});

const loopback = { allowHttp: true, allow: parseAddressRanges('127.0.0.0/8') };

function newTokens(options: Partial<OAuthTokensOptions> = {}, egress: Partial<SenderOptions> = {}) {
  const clock = createTestClock(Date.parse('2026-03-13T14:30:00Z'));
  const sender = createSender({ policy: loopback, ...egress });
  cleanups.push(() => sender.destroy());
  return { clock, sender, tokens: createOAuthTokens({ sender, clock, ...options }) };
}

function settingsFor(tokenUrl: string, changes: Partial<OAuthSettings> = {}): OAuthSettings {
  const settings = { type: 'oauth2', tokenUrl, clientId: 'acme', clientSecret: 'open sesame' };
  return authSchema.parse({ ...settings, ...changes }) as OAuthSettings;
}

describe('a request for a token', () => {
  it('is a form, with the client in a header, each part of it encoded', async () => {
    const server = await newServer(counting());
    const { tokens } = newTokens();
    const settings = settingsFor(`${server.url}token?v=2`, {
      clientId: 'a:c m&e',
      clientSecret: 'ö+%',
      scope: 'hooks:write orders',
      audience: 'https://api.example/',
    });
    expect(await tokens.get('wh', settings)).toEqual({ kind: 'token', token: 't1' });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/token?v=2' });
    expect(request?.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': expect.stringMatching(/^Waybill\/\d/),
      authorization: `Basic ${Buffer.from('a%3Ac+m%26e:%C3%B6%2B%25').toString('base64')}`,
    });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'hooks:write orders',
      audience: 'https://api.example/',
    });
  });

  it('has the client in the body if the settings say so', async () => {
    const server = await newServer(counting());
    const { tokens } = newTokens();
    await tokens.get('wh', settingsFor(server.url, { clientAuthentication: 'body' }));
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'acme',
      client_secret: 'open sesame',
    });
  });

  it('is made with the certificate and the authorities of the webhook', async () => {
    const folder = new URL('../../test/support/certificates/', import.meta.url);
    const pem = (name: string) => readFileSync(new URL(`${name}.pem`, folder), 'utf8');
    const tls = { key: pem('server-key'), cert: pem('good'), ca: pem('clients/root'), requestCert: true };
    const server = await newServer((_, { socket }) => {
      const certificate = socket instanceof TLSSocket && socket.getPeerX509Certificate();
      return granting({ access_token: certificate ? certificate.fingerprint256 : 'none' });
    }, tls);
    const { tokens } = newTokens();
    const settings = settingsFor(server.url);
    expect(await tokens.get('wh', settings)).toMatchObject({ failure: { code: 'oauth_unreachable' } });
    const cert = pem('clients/good') + pem('clients/issuing');
    const identity = { id: '1', cert, key: pem('clients/key'), ca: pem('ca') };
    expect(await tokens.get('wh', settings, identity)).toMatchObject({
      token: expect.stringMatching(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/),
    });
  });
});

describe('a token', () => {
  it('is asked for once, however many want it', async () => {
    const server = await newServer(counting());
    const { tokens } = newTokens();
    const settings = settingsFor(server.url);
    const all = await Promise.all(Array.from({ length: 50 }, () => tokens.get('wh', settings)));
    expect(new Set(all.map((one) => JSON.stringify(one)))).toEqual(
      new Set(['{"kind":"token","token":"t1"}']),
    );
    expect(await tokens.get('wh', settings)).toEqual({ kind: 'token', token: 't1' });
    expect(server.requests).toHaveLength(1);
  });

  it('belongs to one key', async () => {
    const server = await newServer(counting());
    const { tokens } = newTokens();
    expect(await tokens.get('a', settingsFor(server.url))).toMatchObject({ token: 't1' });
    expect(await tokens.get('b', settingsFor(server.url))).toMatchObject({ token: 't2' });
    expect(await tokens.get('a', settingsFor(server.url))).toMatchObject({ token: 't1' });
  });

  it.each<[keyof OAuthSettings, string]>([
    ['clientId', 'other'],
    ['clientSecret', 'other'],
    ['scope', 'other'],
    ['audience', 'other'],
    ['clientAuthentication', 'body'],
  ])('of other settings (%s) is another', async (field, value) => {
    const server = await newServer(counting());
    const { tokens } = newTokens();
    await tokens.get('wh', settingsFor(server.url));
    const changed = settingsFor(server.url, { [field]: value });
    expect(await tokens.get('wh', changed)).toMatchObject({ token: 't2' });
    expect(await tokens.get('wh', changed, { id: 'certified' })).toMatchObject({ token: 't3' });
  });

  it('of settings that changed while it was asked for is not kept', async () => {
    const held = Promise.withResolvers<void>();
    const server = await newServer(async (_, __, index) => {
      if (index === 0) await held.promise;
      return granting({ access_token: `t${index}` });
    });
    const { tokens } = newTokens();
    const old = tokens.get('wh', settingsFor(server.url));
    await server.waitFor(1);
    const changed = settingsFor(server.url, { scope: 'new' });
    expect(await tokens.get('wh', changed)).toMatchObject({ token: 't1' });
    held.resolve();
    expect(await old).toMatchObject({ token: 't0' });
    expect(await tokens.get('wh', changed)).toMatchObject({ token: 't1' });
  });

  it('is renewed a minute before it expires, while the old one is still used', async () => {
    const server = await newServer(counting());
    const { tokens, clock } = newTokens();
    const settings = settingsFor(server.url);
    await tokens.get('wh', settings);
    clock.advance(3_540_000 - 1);
    expect(await tokens.get('wh', settings)).toMatchObject({ token: 't1' });
    expect(server.requests).toHaveLength(1);
    clock.advance(1);
    expect(await tokens.get('wh', settings)).toMatchObject({ token: 't1' });
    await server.waitFor(2);
    await expect.poll(() => tokens.get('wh', settings)).toMatchObject({ token: 't2' });
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    [{ expires_in: 3600 }, 3_595_000],
    [{ expires_in: 10 }, 9_000],
    [{}, 295_000],
    [{ expires_in: 1e12 }, 86_395_000],
  ])('with %j is no longer used after %d ms', async (rest, usableMs) => {
    const server = await newServer(counting(rest));
    const { tokens, clock } = newTokens();
    const settings = settingsFor(server.url);
    await tokens.get('wh', settings);
    clock.advance(usableMs);
    expect(await tokens.get('wh', settings)).toMatchObject({ token: 't2' });
  });

  it('that cannot be renewed is used as long as it is good', async () => {
    const server = await newServer(counting());
    const { tokens, clock } = newTokens();
    const settings = settingsFor(server.url);
    await tokens.get('wh', settings);
    server.answer(503);
    clock.advance(3_590_000);
    expect(await tokens.get('wh', settings)).toMatchObject({ token: 't1' });
    await server.waitFor(2);
    clock.advance(5_000);
    await expect
      .poll(() => tokens.get('wh', settings))
      .toMatchObject({ failure: { code: 'oauth_unavailable' } });
    expect(server.requests).toHaveLength(2);
  });

  it('of the key that was not wanted the longest is forgotten when there are too many', async () => {
    const server = await newServer(counting());
    const { tokens } = newTokens({ maxKeys: 2 });
    const settings = settingsFor(server.url);
    for (const key of ['a', 'b', 'a', 'c']) await tokens.get(key, settings);
    expect(await tokens.get('a', settings)).toMatchObject({ token: 't1' });
    expect(await tokens.get('c', settings)).toMatchObject({ token: 't3' });
    expect(await tokens.get('b', settings)).toMatchObject({ token: 't4' });
  });
});

describe('a token that a receiver refuses', () => {
  it('is replaced once in 30 seconds', async () => {
    const server = await newServer(counting());
    const { tokens, clock } = newTokens();
    const settings = settingsFor(server.url);
    await tokens.get('wh', settings);
    expect(tokens.refresh('wh', 't1')).toBe(true);
    expect(await tokens.get('wh', settings)).toMatchObject({ token: 't2' });
    expect(tokens.refresh('wh', 't2')).toBe(false);
    expect(await tokens.get('wh', settings)).toMatchObject({ token: 't2' });
    clock.advance(30_000);
    expect(tokens.refresh('wh', 't2')).toBe(true);
    expect(await tokens.get('wh', settings)).toMatchObject({ token: 't3' });
    expect(server.requests).toHaveLength(3);
  });

  it('is replaced once for all whom it was refused to', async () => {
    const server = await newServer(counting());
    const { tokens } = newTokens();
    const settings = settingsFor(server.url);
    await tokens.get('wh', settings);
    const again = [1, 2, 3].map(() => tokens.refresh('wh', 't1') && tokens.get('wh', settings));
    expect(await Promise.all(again)).toEqual(Array(3).fill({ kind: 'token', token: 't2' }));
    expect(tokens.refresh('wh', 't1')).toBe(true);
    expect(await tokens.get('wh', settings)).toMatchObject({ token: 't2' });
    expect(server.requests).toHaveLength(2);
  });

  it('is not asked for in a loop if the server gives the same one again', async () => {
    const server = await newServer(granting({ access_token: 'same', expires_in: 3600 }));
    const { tokens } = newTokens();
    const settings = settingsFor(server.url);
    for (const expected of [true, false, false]) {
      await tokens.get('wh', settings);
      expect(tokens.refresh('wh', 'same')).toBe(expected);
    }
    expect(server.requests).toHaveLength(2);
  });

  it('of a key nobody knows may be asked for', () => {
    expect(newTokens().tokens.refresh('unknown', 't1')).toBe(true);
  });
});

describe('a token server', () => {
  const failureOf = async (tokens: ReturnType<typeof newTokens>['tokens'], url: string) => {
    const outcome = await tokens.get('wh', settingsFor(url));
    return outcome.kind === 'failure' ? outcome.failure : outcome;
  };

  it('that fails is not asked again for 15 seconds, then it is', async () => {
    const server = await newServer(500);
    const { tokens, clock } = newTokens();
    for (let time = 0; time < 15_000; time += 1_000) {
      expect(await failureOf(tokens, server.url)).toMatchObject({
        code: 'oauth_unavailable',
        reason: 'the token server answered 500 Internal Server Error',
      });
      clock.advance(1_000);
    }
    expect(server.requests).toHaveLength(1);
    server.answer(counting());
    expect(await tokens.get('wh', settingsFor(server.url))).toMatchObject({ token: 't1' });
  });

  it('that failed is asked at once with other settings', async () => {
    const server = await newServer(401);
    const { tokens } = newTokens();
    expect(await failureOf(tokens, server.url)).toMatchObject({ code: 'oauth_refused' });
    server.answer(counting());
    const corrected = settingsFor(server.url, { clientSecret: 'right' });
    expect(await tokens.get('wh', corrected)).toMatchObject({ token: 't1' });
  });

  it.each([
    ['60', 60_000],
    ['1', 15_000],
    ['86400', 300_000],
  ])('that asks to be left alone for %s s is, for %d ms', async (retryAfter, waitMs) => {
    const server = await newServer({ status: 429, headers: { 'retry-after': retryAfter } });
    const { tokens, clock } = newTokens();
    await failureOf(tokens, server.url);
    clock.advance(waitMs - 1);
    await failureOf(tokens, server.url);
    expect(server.requests).toHaveLength(1);
    clock.advance(1);
    await failureOf(tokens, server.url);
    expect(server.requests).toHaveLength(2);
  });

  it('that hangs fails at the deadline', async () => {
    const server = await newServer(() => new Promise(() => {}));
    const { tokens } = newTokens({ timeouts: { timeoutMs: 50, connectTimeoutMs: 50 } });
    expect(await failureOf(tokens, server.url)).toMatchObject({
      code: 'oauth_unreachable',
      reason: 'the token server gave no token: no answer within 50 ms',
    });
  });

  it('that never ends its body is cut off', async () => {
    const server = await newServer((_, response) => {
      const more = setInterval(() => response.write('x'.repeat(4_096)), 1);
      response.once('close', () => clearInterval(more));
    });
    expect(await failureOf(newTokens().tokens, server.url)).toMatchObject({ code: 'oauth_malformed' });
    await expect.poll(() => server.connections()).toBe(0);
  });

  it('that answers with a page for people is told so', async () => {
    const page = { headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' };
    const server = await newServer(page);
    expect(await failureOf(newTokens().tokens, server.url)).toMatchObject({
      code: 'oauth_malformed',
      reason: 'the token server answered 200, but not with a JSON object',
    });
  });

  it('cannot lead the request on to another address', async () => {
    const inside = await newServer(counting());
    const server = await newServer({ status: 307, headers: { location: inside.url } });
    expect(await failureOf(newTokens().tokens, server.url)).toMatchObject({ code: 'oauth_redirected' });
    expect(inside.requests).toEqual([]);
  });

  it('at a private address is not asked', async () => {
    const server = await newServer(counting());
    const { tokens } = newTokens({}, { policy: { allowHttp: true, allow: [] } });
    expect(await failureOf(tokens, server.url)).toMatchObject({
      code: 'oauth_unreachable',
      reason: 'the token server gave no token: 127.0.0.1 is not a public address (loopback)',
    });
    expect(server.connections()).toBe(0);
  });

  it('whose name leads to a private address is not asked', async () => {
    const server = await newServer(counting());
    const lookup = async () => [{ address: '127.0.0.1', family: 4 as const }];
    const { tokens } = newTokens({}, { policy: { allowHttp: true, allow: [] }, lookup });
    expect(await failureOf(tokens, `http://login.example:${server.port}/`)).toMatchObject({
      code: 'oauth_unreachable',
      reason: 'the token server gave no token: login.example resolves to an address that is not public',
    });
    expect(server.connections()).toBe(0);
  });

  it('that hides a header in its token gives none', async () => {
    const server = await newServer(granting({ access_token: 'a\r\nx-evil: 1' }));
    expect(await failureOf(newTokens().tokens, server.url)).toMatchObject({ code: 'oauth_malformed' });
  });

  it('that says why it refuses is quoted', async () => {
    const server = await newServer({
      status: 401,
      body: '{"error":"invalid_client","error_description":"secret open sesame is wrong"}',
    });
    expect(await failureOf(newTokens().tokens, server.url)).toMatchObject({
      code: 'oauth_refused',
      reason: 'the token server refused: invalid_client (secret … is wrong)',
    });
  });

  it('that hangs holds up nobody else', async () => {
    const server = await newServer((_, __, index) =>
      index === 0 ? new Promise(() => {}) : granting({ access_token: 'quick' }),
    );
    const { tokens, sender } = newTokens();
    const hanging = tokens.get('a', settingsFor(server.url));
    await server.waitFor(1);
    expect(await tokens.get('b', settingsFor(server.url))).toMatchObject({ token: 'quick' });
    await sender.destroy();
    expect(await hanging).toEqual({ kind: 'aborted' });
    expect(await tokens.get('c', settingsFor(server.url))).toEqual({ kind: 'aborted' });
  });
});
