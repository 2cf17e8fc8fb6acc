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

it('a header made of data has numbers as they were written, also those no program can count to', () => {
  const raw = (json: string, template: string) => {
    const subject = subjectOf(null);
    const profile = plainProfile({ body: 'event.data', headers: { 'X-A': template }, signatures: [] });
    const given = { ...subject, event: { ...subject.event, data: json } };
    return renderHeaders(profile, given, Buffer.from('{}'), [])['X-A'];
  };
  const data =
    '{"id": 12345678901234567890, "sum": 10.50, "far": 1e999, "list": [ 1.0, "a \\" b" ], "no": null}';
  expect(raw(data, '{event.data.id}/{event.data.sum}/{event.data.far}/{event.data.no}')).toBe(
    '12345678901234567890/10.50/1e999/',
  );
  expect(raw(data, '{event.data.list}')).toBe('[1.0,"a \\" b"]');
});

it('a header made of data ends at 2048 characters, counted after spaces around it are gone', () => {
  expect(headerOf({ a: `  ${'x'.repeat(2048)}  ` })).toBe('x'.repeat(2048));
  expect(headerOf({ a: 'x'.repeat(100_000) })).toBe('x'.repeat(2048));
  expect(headerOf({ a: 'x'.repeat(2000), b: 'y'.repeat(2000) }, '{event.data.a}-{event.data.b}')).toBe(
    `${'x'.repeat(1023)}-${'y'.repeat(1023)}`,
  );
});

it.each(['\u0007', 'é', '€', '😀', '\ud800'])(
  'a header that is cut off ends with a whole %j',
  (character) => {
    for (let length = 2033; length <= 2049; length += 1) {
      const header = headerOf({ a: `${'x'.repeat(length)}${character}${character}` }) ?? '';
      expect(header.length).toBeLessThanOrEqual(2048);
      expect(decodeURIComponent(header).replaceAll(character.toWellFormed(), '')).toMatch(/^x+$/);
    }
  },
);

it('a line break in the data begins no other header', () => {
  expect(headerOf({ a: 'one\r\nX-B: two' })).toBe('one%0D%0AX-B: two');
});

it.each([
  ['alone', '', ''],
  ['in between', 'of ', ' {event.type} {event.data.b} and so on'],
])('what is signed has data in the form in which a header has it, %s', (_, before, after) => {
  const signature = { ...SIGNATURE, content: '{event.data.a}.{event.subject}.{body}' };
  const profile = plainProfile({
    body: 'event.data',
    headers: { 'X-A': `${before}{event.data.a}${after}`, 'X-Subject': `subject {event.subject}` },
    signatures: [{ ...signature, value: 'a={event.data.a},{signatures}' }],
  });
  const subject = subjectOf({ a: ` ${'x 😀'.repeat(3000)}`, b: 'y'.repeat(3000) });
  const about = { ...subject, event: { ...subject.event, subject: 'é'.repeat(500) } };
  const headers = renderHeaders(profile, about, Buffer.from('{}'), ['secret-text']);
  const [, sent] = /^(?:of )?(x.*?)(?: a\.b y+ and so on)?$/.exec(headers['X-A'] ?? '') ?? [];
  expect(sent?.length).toBeGreaterThan(900);
  const text = `${sent}.${headers['X-Subject']?.replace('subject ', '')}.{}`;
  const signed = createHmac('sha256', 'secret-text').update(text).digest('hex');
  expect(headers['X-Signature']).toBe(`a=${sent},${signed}`);
  for (const value of Object.values(headers)) expect(value.length).toBeLessThanOrEqual(2048);
});

it('of more signatures than fit into a header, those of the newest secrets are sent whole', () => {
  const signature = {
    ...SIGNATURE,
    algorithm: 'hmac-sha512',
    secrets: 'all',
    each: `${'v'.repeat(500)}={signature}`,
  };
  const profile = plainProfile({ body: 'event.data', headers: {}, signatures: [signature] });
  const secrets = ['secret-one', 'secret-two', 'secret-three', 'secret-four'];
  const { 'X-Signature': value = '' } = renderHeaders(profile, subjectOf(1), Buffer.from('1'), secrets);
  const expected = secrets
    .slice(0, 3)
    .map((secret) => `${'v'.repeat(500)}=${createHmac('sha512', secret).update('1').digest('hex')}`);
  expect(value).toBe(expected.join(' '));
});
