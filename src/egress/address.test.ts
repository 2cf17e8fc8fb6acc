import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WaybillError } from '../errors.ts';
import { type EgressPolicy, judgeAddress, parseAddressRanges } from './address.ts';

const nothing: EgressPolicy = { allowHttp: false, allow: [] };
const allowing = (text: string): EgressPolicy => ({ allowHttp: false, allow: parseAddressRanges(text) });

describe('judgeAddress', () => {
  test.each([
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', '"this network"'],
    ['10.0.0.1', 'private'],
    ['10.255.255.255', 'private'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['100.127.255.255', 'carrier-grade NAT'],
    ['100.100.100.200', 'cloud metadata'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['168.63.129.16', 'cloud metadata'],
    ['169.254.0.1', 'link-local'],
    ['169.254.169.254', 'cloud metadata'],
    ['169.254.170.2', 'cloud metadata'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.8', 'reserved'],
    ['192.0.0.192', 'cloud metadata'],
    ['192.0.2.1', 'documentation'],
    ['192.88.99.1', '6to4 relay'],
    ['192.168.1.1', 'private'],
    ['198.18.0.1', 'benchmarking'],
    ['198.19.255.255', 'benchmarking'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
  ])('the IPv4 address %s is refused as %s', (address, kind) => {
    expect(judgeAddress(address, nothing)).toEqual({ allowed: false, kind });
  });

  test.each([
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::2', '"this network"'],
    ['100::1', 'discard-only'],
    ['100:0:0:1::1', 'dummy prefix'],
    ['200::1', 'reserved'],
    ['2001::1', 'Teredo'],
    ['2001:1::1', 'IETF protocol assignment'],
    ['2001:2::1', 'benchmarking'],
    ['2001:10::1', 'ORCHID'],
    ['2001:20::1', 'ORCHID'],
    ['2001:db8::1', 'documentation'],
    ['3fff::1', 'documentation'],
    ['4000::1', 'reserved'],
    ['5f00::1', 'segment routing'],
    ['fc00::1', 'private'],
    ['fd12:3456::1', 'private'],
    ['fd00:ec2::254', 'cloud metadata'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
  ])('the IPv6 address %s is refused as %s', (address, kind) => {
    expect(judgeAddress(address, nothing)).toEqual({ allowed: false, kind });
  });

  test.each([
    ['an IPv4-mapped', '::ffff:127.0.0.1', 'loopback'],
    ['an IPv4-mapped (in hexadecimal)', '::ffff:7f00:1', 'loopback'],
    ['an IPv4-mapped', '::ffff:169.254.169.254', 'cloud metadata'],
    ['an IPv4-compatible', '::10.0.0.1', 'private'],
    ['an IPv4-compatible', '::8.8.8.8', 'IPv4-compatible'],
    ['an IPv4-translated', '::ffff:0:8.8.8.8', 'reserved'],
    ['a NAT64', '64:ff9b::10.0.0.1', 'private'],
    ['a local-use NAT64', '64:ff9b:1::8.8.8.8', 'local-use NAT64'],
    ['a 6to4', '2002:7f00:1::1', 'loopback'],
    ['a 6to4', '2002:c0a8:101::', 'private'],
    ['an ISATAP', '2a00::5efe:10.0.0.1', 'private'],
    ['an ISATAP', '2a00::200:5efe:192.168.1.1', 'private'],
  ])('%s IPv6 address, %s, is judged by the IPv4 address in it', (_, address, kind) => {
    expect(judgeAddress(address, nothing)).toEqual({ allowed: false, kind });
  });

  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:82a::200e',
    '2001:4860:4860::8888',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
    '2a00::5efe:8.8.8.8',
  ])('%s is a public address', (address) => {
    expect(judgeAddress(address, nothing)).toEqual({ allowed: true, public: true });
  });

  test('an address with a zone is refused, even if it is in the allow-list', () => {
    expect(judgeAddress('fe80::1%eth0', allowing('fe80::/10'))).toMatchObject({ allowed: false });
  });

  test.each(['', 'localhost', '127.1', '0x7f.0.0.1', '0177.0.0.1', '2130706433', '[::1]', '1.2.3.4/8'])(
    '"%s" is refused, because it is not an address in its usual notation',
    (text) => {
      expect(judgeAddress(text, nothing)).toEqual({ allowed: false, kind: 'not an IP address' });
    },
  );

  test('an address in the allow-list is allowed, but stays not public', () => {
    const policy = allowing('127.0.0.0/8, fd00:1::/32');
    expect(judgeAddress('127.0.0.1', policy)).toEqual({ allowed: true, public: false });
    expect(judgeAddress('fd00:1::5', policy)).toEqual({ allowed: true, public: false });
    expect(judgeAddress('128.0.0.1', policy)).toEqual({ allowed: true, public: true });
    expect(judgeAddress('10.0.0.1', policy)).toMatchObject({ allowed: false });
    expect(judgeAddress('fd00:2::5', policy)).toMatchObject({ allowed: false });
  });

  test('an IPv4-mapped IPv6 address is in an allowed IPv4 range', () => {
    const policy = allowing('127.0.0.0/8');
    expect(judgeAddress('::ffff:127.0.0.1', policy)).toEqual({ allowed: true, public: false });
    expect(judgeAddress('::ffff:10.0.0.1', policy)).toMatchObject({ allowed: false });
    expect(judgeAddress('2002:7f00:1::', policy)).toMatchObject({ allowed: false });
  });

  test('no IPv4 address that is refused becomes allowed by writing it as IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const plain = judgeAddress(address, nothing);
        expect(judgeAddress(`::ffff:${address}`, nothing)).toEqual(plain);
        expect(judgeAddress(`64:ff9b::${address}`, nothing)).toEqual(plain);
      }),
    );
  });

  test('every IPv6 address that is public is global unicast or holds a public IPv4 address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const verdict = judgeAddress(address, nothing);
        if (verdict.allowed) expect(address).toMatch(/^([23][0-9a-f]{3}:|::ffff:|0*:|64:ff9b:)/i);
      }),
    );
  });
});

describe('parseAddressRanges', () => {
  test('a bare address stands for itself only', () => {
    const policy = allowing('10.0.0.1,::1');
    expect(judgeAddress('10.0.0.1', policy).allowed).toBe(true);
    expect(judgeAddress('10.0.0.2', policy).allowed).toBe(false);
    expect(judgeAddress('::1', policy).allowed).toBe(true);
    expect(judgeAddress('fd00::1', policy).allowed).toBe(false);
  });

  test('an empty text is an empty list', () => {
    expect(parseAddressRanges('')).toEqual([]);
    expect(parseAddressRanges(' , ')).toEqual([]);
  });

  test.each([
    '10.0.0.0/33',
    '::/129',
    'localhost',
    '10.0.0',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '10.0.0.0/-1',
    'fe80::1%1',
  ])('the bad item %s is named in the error', (item) => {
    const parse = () => parseAddressRanges(`127.0.0.1,${item}`);
    expect(parse).toThrow(WaybillError);
    expect(parse).toThrow(`WAYBILL_EGRESS_ALLOW: "${item}" is not`);
  });
});
