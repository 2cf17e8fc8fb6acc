import { expect, it } from 'vitest';
import { plainProfile, SIGNATURE } from '../../test/support/profiles.ts';
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
