import { describe, expect, it } from 'vitest';
import { profileSchema, type WireFormat } from '../../profile/profile.ts';
import { signingWords } from './signing-words.ts';

const SIGNATURE = {
  header: 'X-Signature',
  algorithm: 'hmac-sha256',
  encoding: 'hex',
  key: 'text',
  content: '{body}',
  each: '{signature}',
  secrets: 'first',
};

function formatOf(signature: object, more: object = {}): WireFormat {
  return profileSchema.parse({ body: 'event.data', signatures: [{ ...SIGNATURE, ...signature }], ...more });
}

describe('how to check a signature, in words', () => {
  it('the plainest signs the body alone', () => {
    expect(signingWords(formatOf({}))).toBe(
      [
        'The header `X-Signature` signs each request. In lower-case hexadecimal, it has the HMAC-SHA256 of the body, ' +
          "byte for byte as it came. The key is the webhook's secret itself, in UTF-8. The newest secret alone signs: " +
          'let the receiver take both before a secret is replaced.',
        'Compare in constant time, and trust nothing in a request before.',
        'The examples are signed too, over the body without white space: their secret is `an-example-secret`.',
      ].join('\n\n'),
    );
  });

  it('says where each thing that is signed is found', () => {
    const words = signingWords(
      formatOf(
        {
          content: '{webhook.id}.{event.type}.{event.id}.{attempt.timestamp}.{body}',
          value: 't={attempt.timestamp},{signatures}',
        },
        {
          body: [{ name: 'kind', value: 'event.type' }],
          headers: {
            'X-Id': '{event.id}',
            'X-Time': '{attempt.timestamp}',
            'X-Both': '{webhook.id} {event.type}',
          },
        },
      ),
    );
    expect(words).toContain(
      'where `{webhook.id}` is `webhook.id` of the event as it was published, `{event.type}` is `kind` of the body, ' +
        '`{event.id}` is the header `X-Id`, `{attempt.timestamp}` is what stands in its place in `X-Signature` and ' +
        '`{body}` is the body, byte for byte as it came.',
    );
    expect(words).toContain(
      'The header as a whole has the form `t={attempt.timestamp},{signatures}`, where `{attempt.timestamp}` is when ' +
        'the request was made, in seconds since 1970.',
    );
  });

  it('warns of old requests only if the time is signed', () => {
    expect(signingWords(formatOf({}))).not.toContain('five minutes');
    expect(signingWords(formatOf({ content: '{attempt.timestamp}.{body}' }))).toContain('five minutes');
  });

  it('says by what repeated events are known, if the request has it', () => {
    expect(signingWords(formatOf({}))).not.toContain('more than once');
    const inHeader = formatOf({}, { headers: { 'X-Id': '{event.id}' } });
    expect(signingWords(inHeader)).toContain('Its id, the header `X-Id`, stays the same');
    const inBody = formatOf({}, { body: [{ name: 'id', value: 'event.id' }] });
    expect(signingWords(inBody)).toContain('Its id, `id` of the body, stays the same');
  });

  it.each([
    [{ encoding: 'base64' }, 'In base64, it has'],
    [{ algorithm: 'hmac-sha512' }, 'the HMAC-SHA512 of'],
    [{ key: 'whsec' }, 'behind `whsec_`'],
    [{ each: 'v1={signature}' }, 'A signature has the form `v1={signature}`.'],
    [{ secrets: 'all' }, 'a signature for each, a space in between'],
    [{ secrets: 'all', separator: ',' }, 'a signature for each, `,` in between'],
  ])('%j is told', (signature, words) => {
    expect(signingWords(formatOf(signature))).toContain(words);
    expect(signingWords(formatOf({}))).not.toContain(words);
  });

  it('a private key is not shown, its public key is', () => {
    const words = signingWords(formatOf({ algorithm: 'ed25519', key: 'whsk' }));
    expect(words).toContain('the Ed25519 signature (RFC 8032) of');
    expect(words).toMatch(/the public key `whpk_[A-Za-z0-9+/]{43}=` checks them/);
    expect(words).not.toContain('whsk_');
  });

  it('says so if nothing is signed', () => {
    const format = profileSchema.parse({ body: 'event.data', signatures: [] });
    expect(signingWords(format)).toBe('Requests are not signed.');
  });
});
