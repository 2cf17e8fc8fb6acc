import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { plainProfile, SIGNATURE } from '../../test/support/profiles.ts';
import { renderHeaders } from './engine.ts';
import type { Subject } from './subject.ts';

const subjectOf = (data: unknown): Subject => ({
  event: {
    id: 'evt_1',
    type: 'a.b',
    occurredAt: '2026-03-13T14:30:00.000Z',
    subject: null,
    channel: null,
    version: null,
    data: JSON.stringify(data),
  },
  payloadVersion: null,
  delivery: { id: 'dlv_1' },
  attempt: { number: 1, timestampSeconds: 1 },
  webhook: { id: 'wh_1' },
});

/** The header `X-A` of a request about this data. */
function headerOf(data: unknown, template = '{event.data.a}'): string | undefined {
  const profile = plainProfile({ body: 'event.data', headers: { 'X-A': template }, signatures: [] });
  return renderHeaders(profile, subjectOf(data), Buffer.from('{}'), [])['X-A'];
}

it('a header made of data ends at 2048 characters, counted after spaces around it are gone', () => {
  expect(headerOf({ a: `  ${'x'.repeat(2048)}  ` })).toBe('x'.repeat(2048));
  expect(headerOf({ a: 'x'.repeat(100_000) })).toBe('x'.repeat(2048));
  expect(headerOf({ a: 'x'.repeat(2000), b: 'y'.repeat(2000) }, '{event.data.a}-{event.data.b}')).toBe(
    `${'x'.repeat(2000)}-${'y'.repeat(47)}`,
  );
});

it('a header that is cut off ends with a whole percent-encoded byte', () => {
  for (const length of [2045, 2046, 2047, 2048]) {
    const header = headerOf({ a: `${'x'.repeat(length)}\u0007\u0007` }) ?? '';
    expect(header.length).toBeLessThanOrEqual(2048);
    expect(decodeURIComponent(header).replaceAll('\u0007', '')).toMatch(/^x+$/);
  }
});

it('a line break in the data begins no other header', () => {
  expect(headerOf({ a: 'one\r\nX-B: two' })).toBe('one%0D%0AX-B: two');
});

it('what is signed has data in the form in which the header has it', () => {
  const profile = plainProfile({
    body: 'event.data',
    headers: { 'X-A': '{event.data.a}' },
    signatures: [{ ...SIGNATURE, content: '{event.data.a}.{body}' }],
  });
  const headers = renderHeaders(profile, subjectOf({ a: ` ${'x'.repeat(3000)}` }), Buffer.from('{}'), [
    'secret-text',
  ]);
  const signed = createHmac('sha256', 'secret-text').update(`${headers['X-A']}.{}`).digest('hex');
  expect(headers['X-Signature']).toBe(signed);
});
