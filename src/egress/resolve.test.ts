import { describe, expect, test } from 'vitest';
import { parseAddressRanges } from './address.ts';
import { createResolver, type Lookup } from './resolve.ts';

const nothing = { allowHttp: true, allow: [] };
const addresses = (...list: string[]) =>
  list.map((address) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) }));
const failing = (code: string): Lookup => {
  return () => Promise.reject(Object.assign(new Error('getaddrinfo via 10.0.0.53'), { code }));
};

describe('createResolver', () => {
  test('an address of the family that comes first is pinned', async () => {
    const resolve = createResolver(nothing, async () => addresses('2606:4700::1', '8.8.8.8'));
    await resolve('a.example');
    expect(await resolve('a.example')).toEqual({
      ok: true,
      address: '2606:4700::1',
      family: 6,
      public: true,
    });
  });

  test('the addresses of a name are pinned in turn', async () => {
    const resolve = createResolver(nothing, async () => addresses('8.8.8.8', '1.1.1.1', '2606:4700::1'));
    const pinned = await Promise.all([1, 2, 3].map(() => resolve('a.example')));
    expect(pinned).toMatchObject([{ address: '8.8.8.8' }, { address: '1.1.1.1' }, { address: '8.8.8.8' }]);
  });

  test.each([
    ['first', ['10.0.0.1', '8.8.8.8']],
    ['last', ['8.8.8.8', '1.1.1.1', '10.0.0.1']],
    ['in IPv6', ['8.8.8.8', '::1']],
  ])('a name with a private address %s is refused as a whole, and the address not named', async (_, list) => {
    const resolve = createResolver(nothing, async () => addresses(...list));
    expect(await resolve('mixed.example')).toMatchObject({
      ok: false,
      failure: {
        code: 'address_not_allowed',
        reason: 'mixed.example resolves to an address that is not public',
      },
    });
  });

  test('an allowed private address is pinned, but not public', async () => {
    const policy = { allowHttp: true, allow: parseAddressRanges('10.0.0.0/8') };
    const resolve = createResolver(policy, async () => addresses('10.1.2.3'));
    expect(await resolve('a.example')).toMatchObject({ ok: true, address: '10.1.2.3', public: false });
  });

  test('an address is judged without the DNS', async () => {
    const resolve = createResolver(nothing, () => Promise.reject(new Error('not to be called')));
    expect(await resolve('8.8.8.8')).toEqual({ ok: true, address: '8.8.8.8', family: 4, public: true });
    expect(await resolve('10.0.0.1')).toMatchObject({
      ok: false,
      failure: { code: 'address_not_allowed', reason: '10.0.0.1 is not a public address (private)' },
    });
  });

  test('a name that does not exist differs from a DNS in trouble', async () => {
    expect(await createResolver(nothing, failing('ENOTFOUND'))('a.example')).toMatchObject({
      failure: { code: 'dns_not_found', reason: 'the DNS does not know a.example' },
    });
    expect(await createResolver(nothing, failing('EAI_AGAIN'))('a.example')).toMatchObject({
      failure: { code: 'dns_failed', reason: 'the name a.example could not be looked up in the DNS' },
    });
    expect(await createResolver(nothing, async () => [])('a.example')).toMatchObject({
      failure: { code: 'dns_not_found', reason: 'the DNS has no address for a.example' },
    });
  });

  test('a lookup that throws at once is a failure too', async () => {
    const resolve = createResolver(nothing, () => {
      throw new Error('no');
    });
    expect(await resolve('a.example')).toMatchObject({ ok: false, failure: { code: 'dns_failed' } });
  });

  test('calls for the same name share the lookup under way, and later ones look up anew', async () => {
    const asked: string[] = [];
    const resolve = createResolver(nothing, async (name) => {
      asked.push(name);
      return addresses('8.8.8.8');
    });
    await Promise.all([resolve('a.example'), resolve('a.example'), resolve('b.example')]);
    expect(asked).toEqual(['a.example', 'b.example']);
    await resolve('a.example');
    expect(asked).toHaveLength(3);
  });

  test('a failed lookup is not remembered', async () => {
    let calls = 0;
    const resolve = createResolver(nothing, (name) => {
      calls += 1;
      return calls === 1 ? failing('EAI_AGAIN')(name) : Promise.resolve(addresses('8.8.8.8'));
    });
    expect(await resolve('a.example')).toMatchObject({ ok: false });
    expect(await resolve('a.example')).toMatchObject({ ok: true });
  });

  test('a lookup that takes longer than the time given is a failure', async () => {
    const resolve = createResolver(nothing, () => new Promise(() => {}));
    expect(await resolve('slow.example', 20)).toMatchObject({
      ok: false,
      failure: { code: 'dns_failed', reason: 'the DNS gave no address for slow.example within 20 ms' },
    });
  });

  test.each(['localhost', 'localhost.', 'shop.localhost'])(
    '%s is this machine, without the DNS',
    async (name) => {
      const lookup = () => Promise.reject(new Error('not to be called'));
      const resolveWith = (allow: string) =>
        createResolver({ allowHttp: true, allow: parseAddressRanges(allow) }, lookup)(name);
      expect(await resolveWith('127.0.0.0/8,::1')).toMatchObject({ address: '127.0.0.1', public: false });
      expect(await resolveWith('127.0.0.0/8')).toMatchObject({ address: '127.0.0.1' });
      expect(await resolveWith('::1')).toMatchObject({ address: '::1', family: 6 });
      expect(await resolveWith('')).toMatchObject({ failure: { code: 'address_not_allowed' } });
    },
  );
});
