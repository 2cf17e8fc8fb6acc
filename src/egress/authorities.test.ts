import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { judgeAuthorities } from './authorities.ts';

const folder = new URL('../../test/support/certificates/clients/', import.meta.url);
const pem = (name: string) => readFileSync(new URL(`${name}.pem`, folder), 'utf8');
const NOW = Date.parse('2026-03-13T14:30:00Z');

test('authorities are described, and kept without anything else that was in the text', () => {
  const verdict = judgeAuthorities(`# ours\n${pem('root')}${pem('key')}${pem('issuing')}`, NOW);
  expect(verdict).toMatchObject({
    ok: true,
    pem: pem('root') + pem('issuing'),
    descriptions: [{ subject: 'CN=Waybill test clients' }, { subject: 'CN=Waybill test clients\\, issuing' }],
  });
});

test.each([
  ['', 'ca_unreadable', 'These are not certificates in PEM.'],
  [pem('key'), 'ca_unreadable', 'These are not certificates in PEM.'],
  [
    `${pem('root')}${pem('root').replace('MII', 'MIX')}`,
    'ca_unreadable',
    'These are not certificates in PEM.',
  ],
  [pem('root').repeat(21), 'ca_unreadable', 'These are more than 20 authorities.'],
  [pem('root').repeat(1_000), 'ca_unreadable', 'The authorities are longer than 65536 characters.'],
  [
    pem('root') + pem('expired'),
    'ca_expired',
    'The authority "CN=acme" expired on 2021-01-01T00:00:00.000Z.',
  ],
])('the text %.40j is refused as %s', (text, code, message) => {
  expect(judgeAuthorities(text, NOW)).toEqual({
    ok: false,
    code,
    message: expect.stringContaining(message),
  });
});
