import { describe, expect, it } from 'vitest';
import { childrenOf, identifierOf, integerOf, octetsOf, readElement } from './ber.ts';

const read = (hex: string) => readElement(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Buffer | undefined) => bytes?.toString('hex');

describe('an element', () => {
  it('ends where its length says, whatever the form of that', () => {
    expect(hexOf(read('0402aabbcc')?.content)).toBe('aabb');
    expect(hexOf(read('048102aabbcc')?.whole)).toBe('048102aabb');
    expect(hexOf(read('04840000000100')?.content)).toBe('00');
    expect(hexOf(read('30800401aa0000ff')?.content)).toBe('0401aa');
    expect(hexOf(read('30800401aa0000ff')?.whole)).toBe('30800401aa0000');
  });

  it.each(['', '04', '0402aa', '0481', '0482ff', '0485000000000100', '1f0100', '048004010000', '30800401aa'])(
    '%s is none',
    (hex) => {
      expect(read(hex)).toBeUndefined();
    },
  );

  it('inside of another is found only if all of them can be read', () => {
    expect(childrenOf(read('300504010105000400')).map(({ tag }) => tag)).toEqual([4, 5]);
    expect(childrenOf(read('3004040101ff'))).toEqual([]);
    expect(childrenOf(undefined)).toEqual([]);
  });

  it('is not followed into any depth', () => {
    const nested = (depth: number) => `${'3080'.repeat(depth)}${'0000'.repeat(depth)}`;
    expect(read(nested(30))).toBeDefined();
    expect(read(nested(60))).toBeUndefined();
    expect(read('3080'.repeat(20_000))).toBeUndefined();
  });
});

describe('a value', () => {
  it('of octets may come in pieces, and these in pieces', () => {
    expect(hexOf(octetsOf(read('0402aabb')))).toBe('aabb');
    expect(hexOf(octetsOf(read('24800401aa0401bb0000')))).toBe('aabb');
    expect(hexOf(octetsOf(read('a009240704020102040103')))).toBe('010203');
    expect(octetsOf(undefined)).toBeUndefined();
  });

  it('that is a number is small and not negative', () => {
    expect(integerOf(read('02020800'))).toBe(2_048);
    expect(integerOf(read('02047fffffff'))).toBe(2_147_483_647);
    for (const hex of ['0200', '0201ff', '020701000000000000', '04020800']) {
      expect(integerOf(read(hex))).toBeUndefined();
    }
  });

  it('that is an identifier is written with dots', () => {
    expect(identifierOf(read('06092a864886f70d010701'))).toBe('1.2.840.113549.1.7.1');
    expect(identifierOf(read('0609608648016503040102'))).toBe('2.16.840.1.101.3.4.1.2');
    expect(identifierOf(read('0401aa'))).toBe('');
  });
});
