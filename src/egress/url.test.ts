import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EgressPolicy, parseAddressRanges } from './address.ts';
import { judgeUrl } from './url.ts';

const strict: EgressPolicy = { allowHttp: false, allow: [] };
const withHttp: EgressPolicy = { allowHttp: true, allow: [] };
const inNetwork: EgressPolicy = { allowHttp: true, allow: parseAddressRanges('127.0.0.0/8') };

const codeOf = (text: string, policy = strict) => {
  const verdict = judgeUrl(text, policy);
  return verdict.ok ? 'ok' : verdict.code;
};

describe('judgeUrl', () => {
  test('an https URL is allowed, and returned in its normal form', () => {
    expect(judgeUrl('HTTPS://Hooks.Example.com:443/a/../b?x=1', strict)).toEqual({
      ok: true,
      url: 'https://hooks.example.com/b?x=1',
      host: 'hooks.example.com',
      port: 443,
      https: true,
    });
  });

  test('an IPv6 host is returned without brackets', () => {
    expect(judgeUrl('https://[2606:4700:4700::1111]:8443/', strict)).toMatchObject({
      host: '2606:4700:4700::1111',
      port: 8443,
    });
  });

  test('plain http is allowed only by the policy', () => {
    expect(codeOf('http://example.com/')).toBe('url_scheme');
    expect(judgeUrl('http://example.com/', withHttp)).toMatchObject({ ok: true, port: 80, https: false });
  });

  test.each([
    ['ftp://example.com/', 'url_scheme'],
    ['javascript:alert(1)', 'url_scheme'],
    ['file:///etc/passwd', 'url_scheme'],
    ['example.com/hooks', 'url_malformed'],
    ['', 'url_malformed'],
    ['https://', 'url_malformed'],
    ['https:example.com', 'url_malformed'],
    ['https:///example.com', 'url_malformed'],
    ['https://exa mple.com/', 'url_malformed'],
    [' https://example.com/', 'url_malformed'],
    ['https://example.com/\n', 'url_malformed'],
    ['https://exam\tple.com/', 'url_malformed'],
    ['https://example.com/\0', 'url_malformed'],
    ['https://example.com/\u0085', 'url_malformed'],
    ['https://example.com/\u00a0', 'url_malformed'],
    ['https://example.com\\@evil.example/', 'url_malformed'],
    ['https://example.com/\ud800', 'url_malformed'],
    ['https://[fe80::1%25eth0]/', 'url_malformed'],
    ['https://1.2.3.4.5/', 'url_malformed'],
    ['https://example.com:99999/', 'url_malformed'],
    ['https://user:pw@example.com/', 'url_credentials'],
    ['https://user@example.com/', 'url_credentials'],
    ['https://@example.com/', 'url_credentials'],
    ['https://example.com/#a', 'url_fragment'],
    ['https://example.com/#', 'url_fragment'],
    ['https://example.com:0/', 'url_port'],
    ['https://example.com:22/', 'url_port'],
    ['https://example.com:1023/', 'url_port'],
    ['https://example.com:6667/', 'url_port'],
    ['https://example.com:10080/', 'url_port'],
    ['https://a..example.com/', 'url_host'],
    ['https://exa$mple.com/', 'url_host'],
    [`https://${'a'.repeat(64)}.example.com/`, 'url_host'],
    [`https://${'a.'.repeat(130)}com/`, 'url_host'],
    [`https://example.com/${'a'.repeat(2048)}`, 'url_too_long'],
    [`https://example.com/${'ü'.repeat(1000)}`, 'url_too_long'],
  ])('%j is refused: %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  test.each([
    'https://example.com:80/',
    'https://example.com:1024/',
    'https://example.com:8443/',
    'https://example.com:65535/',
    'https://bücher.example/',
    'https://my_shop.example.com/',
    'https://example.com./',
    'https://example.com/a@b?c=@',
    `https://example.com/${'a'.repeat(2028)}`,
  ])('%s is allowed', (text) => {
    expect(codeOf(text)).toBe('ok');
  });

  test.each(['https://printer/', 'https://shop.internal/', 'https://shop.internal./'])(
    '%s is refused, unless the policy has an allow-list',
    (text) => {
      expect(codeOf(text)).toBe('url_host');
      expect(codeOf(text, inNetwork)).toBe('ok');
    },
  );

  test.each([
    'https://printer.local/',
    'https://nas.home.arpa/',
    'https://metadata.google.internal/',
    'https://metadata.google.internal./',
  ])('%s is refused, whatever is allowed', (text) => {
    expect(codeOf(text)).toBe('url_host');
    expect(codeOf(text, inNetwork)).toBe('url_host');
  });

  test.each(['localhost', 'LOCALHOST', 'localhost.', 'api.localhost', 'api.localhost.'])(
    '%s is judged as a loopback address',
    (host) => {
      expect(codeOf(`https://${host}/`)).toBe('address_not_allowed');
      expect(codeOf(`https://${host}/`, inNetwork)).toBe('ok');
      const onlyIpv6 = { allowHttp: false, allow: parseAddressRanges('::1') };
      expect(codeOf(`https://${host}/`, onlyIpv6)).toBe('ok');
    },
  );

  test('a name that only ends like localhost is an ordinary name', () => {
    expect(codeOf('https://notlocalhost.example/')).toBe('ok');
    expect(codeOf('https://mylocal.example/')).toBe('ok');
  });

  test.each([
    'https://127.1/',
    'https://127.0.0.1./',
    'https://①②⑦.⓪.⓪.①/',
    'https://127。0。0。1/',
    'https://%31%32%37.0.0.1/',
    'https://[::]/',
    'https://[::1]/',
    'https://[fd00:ec2::254]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0/',
  ])('%s is refused as an address that is not public', (text) => {
    expect(codeOf(text)).toBe('address_not_allowed');
  });

  test('a literal address in the allow-list is allowed', () => {
    expect(codeOf('http://127.0.0.1:3000/', inNetwork)).toBe('ok');
    expect(codeOf('http://[::ffff:127.0.0.1]:3000/', inNetwork)).toBe('ok');
    expect(codeOf('http://10.0.0.1/', inNetwork)).toBe('address_not_allowed');
  });

  test('the message for a refused address says which kind it is', () => {
    const verdict = judgeUrl('https://10.0.0.1/', strict);
    expect(verdict).toMatchObject({
      message: '10.0.0.1 is not a public address (private). Use a host that is reachable from the internet.',
    });
  });

  test('every address in 10/8 and 127/8 is refused in every spelling', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.constantFrom(10, 127), byte, byte, byte, (a, b, c, d) => {
        for (const host of spellings([a, b, c, d])) {
          expect([host, codeOf(`https://${host}/`)]).toEqual([host, 'address_not_allowed']);
        }
      }),
    );
  });

  test('any text gets a verdict, and what is allowed stays allowed in its normal form', () => {
    const nearUrls = fc.tuple(fc.constantFrom('https://', 'http://', ''), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(nearUrls, ([scheme, rest]) => {
        const verdict = judgeUrl(scheme + rest, inNetwork);
        if (verdict.ok) expect(judgeUrl(verdict.url, inNetwork)).toEqual(verdict);
      }),
    );
  });
});

function spellings(bytes: [number, number, number, number]): string[] {
  const [a, b, c, d] = bytes;
  const number = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  const mapped = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
  return [
    bytes.join('.'),
    `${bytes.join('.')}.`,
    String(number),
    `0x${number.toString(16)}`,
    `0${number.toString(8)}`,
    bytes.map((byte) => `0x${byte.toString(16)}`).join('.'),
    bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `[::ffff:${bytes.join('.')}]`,
    `[::ffff:${mapped}]`,
    `[0:0:0:0:0:FFFF:${mapped}]`,
    `[64:ff9b::${mapped}]`,
    `[2002:${mapped}::]`,
    `[::${mapped}]`,
  ];
}
