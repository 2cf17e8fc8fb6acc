import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WorkLimit } from './key-derivation.ts';
import { openPkcs12 } from './pkcs12.ts';

const file = (name: string) =>
  readFileSync(new URL(`../../test/support/certificates/clients/${name}.p12`, import.meta.url));
const PASSPHRASE = 'öppna sesam';
const ROUNDS = 2_048;

describe('the work a file takes to open', () => {
  it('is limited for all of its parts together', async () => {
    const both = await openPkcs12(file('aes'), PASSPHRASE, new WorkLimit(2 * ROUNDS));
    expect(both).toMatchObject({ ok: true, keys: [expect.anything()] });
    expect(await openPkcs12(file('aes'), PASSPHRASE, new WorkLimit(2 * ROUNDS - 1))).toMatchObject({
      code: 'key_unreadable',
      message: expect.stringContaining('too many rounds'),
    });
    expect(await openPkcs12(file('aes'), PASSPHRASE, new WorkLimit(ROUNDS - 1))).toMatchObject({
      code: 'certificate_unreadable',
      message: expect.stringContaining('too many rounds'),
    });
  });

  it('counts more where it is done on this thread', async () => {
    const limit = new WorkLimit(2 * ROUNDS);
    expect(await openPkcs12(file('3des'), PASSPHRASE, limit)).toMatchObject({
      message: expect.stringContaining('too many rounds'),
    });
  });

  it('leaves other work its turn', async () => {
    let turns = 0;
    let isOpen = false;
    const count = (): void => {
      turns += 1;
      if (!isOpen) setImmediate(count);
    };
    setImmediate(count);
    await openPkcs12(file('3des'), PASSPHRASE, new WorkLimit());
    isOpen = true;
    expect(turns).toBeGreaterThan(0);
  });
});

it('a file that holds the same key many times is refused', async () => {
  const [bags, count] = [repeated(file('clear')), 5];
  expect(await openPkcs12(bags(count), '', new WorkLimit())).toMatchObject({
    code: 'certificate_unreadable',
    message: expect.stringContaining('more than 20 certificates or 4 keys'),
  });
  expect(await openPkcs12(bags(4), '', new WorkLimit())).toMatchObject({ ok: true });
});

/** Takes a file without encryption; what is returned puts its parts in so many times. */
function repeated(der: Buffer): (count: number) => Buffer {
  const marker = Buffer.from('06092a864886f70d010701', 'hex'); // the identifier of data
  const outer = der.indexOf(marker);
  const first = der.indexOf(marker, outer + marker.length) - 4;
  const end = der.length;
  const parts = der.subarray(first, end);
  return (count) => {
    const sequence = wrap(0x30, Buffer.concat(Array<Buffer>(count).fill(parts)));
    const content = wrap(0xa0, wrap(0x04, sequence));
    return wrap(0x30, Buffer.concat([Buffer.from([2, 1, 3]), wrap(0x30, Buffer.concat([marker, content]))]));
  };
}

function wrap(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, 0x82, content.length >> 8, content.length & 0xff]), content]);
}
