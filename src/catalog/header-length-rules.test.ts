import { expect, it } from 'vitest';
import { plainProfile, SIGNATURE } from '../../test/support/profiles.ts';
import { renderHeaders } from '../profile/engine.ts';
import type { Subject } from '../profile/subject.ts';
import { headerLengthComplaints } from './header-length-rules.ts';

const said = (headers: object, signature: object = {}) =>
  headerLengthComplaints(
    plainProfile({ body: 'event.data', headers, signatures: [{ ...SIGNATURE, ...signature }] }),
  ).map(({ path, message }) => `${path.join('.')} ${message}`);

it('a header has room for what was published', () => {
  const most = '{event.data.a}'.repeat(32);
  expect(said({ 'X-A': `${'x'.repeat(1000)}{event.data.a}`, 'X-B': most })).toEqual([]);
  expect(said({ 'X-B': `${most}{event.subject}` })).toEqual([
    'profile.headers.X-B can come to 2112 characters, with 64 for each of event.data.a, event.subject: ' +
      'a header has 2048 at most',
  ]);
});

it('a header of ids and times alone is no longer than one may be', () => {
  expect(said({ 'X-A': '{event.type}'.repeat(16) })).toEqual([]);
  expect(said({ 'X-A': '{event.type}'.repeat(17) })).toEqual([
    'profile.headers.X-A can come to 2176 characters: a header has 2048 at most',
  ]);
});

it('so is one that signs, with one signature', () => {
  const long = 'v'.repeat(950);
  expect(said({}, { each: `${long}{signature}`, value: `${long}{signatures}` })).toEqual([]);
  expect(said({}, { each: `${long}{signature}{event.data.a}`, value: `${long}{signatures}` })).toEqual([
    'profile.signatures.0.value can come to 2092 characters, with 64 for each of event.data.a: ' +
      'a header has 2048 at most',
  ]);
});

it('a version counts as long as it gets once it is encoded, which no header then cuts', () => {
  const headers = { 'X-A': '{payload.version}'.repeat(3) };
  expect(said(headers)).toEqual([]);
  expect(said({ 'X-A': '{payload.version}'.repeat(4) })).toEqual([
    'profile.headers.X-A can come to 2304 characters: a header has 2048 at most',
  ]);
  for (const version of ['€'.repeat(64), '😀'.repeat(32), '2026 é'.repeat(10)]) {
    const profile = plainProfile({ body: 'event.data', headers, signatures: [SIGNATURE] });
    const sent = renderHeaders(profile, subjectIn(version), Buffer.from('1'), ['a long enough secret']);
    expect(decodeURIComponent(sent['X-A'] ?? '')).toBe(version.repeat(3));
  }
});

function subjectIn(version: string): Subject {
  const event = {
    id: 'evt_1',
    type: 'a.b',
    occurredAt: '',
    subject: null,
    channel: null,
    version,
    data: '1',
  };
  return {
    event,
    payloadVersion: version,
    delivery: { id: 'dlv_1' },
    attempt: { number: 1, timestampSeconds: 1 },
    webhook: { id: 'wh_1' },
  };
}
