import { describe, expect, it } from 'vitest';
import { authSchema, clientCertificateSchema } from './settings.ts';

const basic = { type: 'basic', username: 'acme', password: 'open sesame' };
const bearer = { type: 'bearer', token: 'abc.DEF-123~+/==' };
const header = { type: 'header', name: 'X-Api-Key', value: 'key one' };
const oauth2 = {
  type: 'oauth2',
  tokenUrl: 'https://login.example/token',
  clientId: 'acme',
  clientSecret: 'sösam',
};

/** The paths and messages of what is wrong. */
function problemsOf(value: unknown): string[] {
  const parsed = authSchema.safeParse(value);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('auth', () => {
  it.each([
    basic,
    { ...basic, username: '' },
    { ...basic, username: 'Ångström', password: '' },
    { ...basic, password: 'a:b' },
    bearer,
    header,
    { ...header, name: 'Authorization', value: 'ApiKey abc' },
  ])('takes %j as it is', (value) => {
    expect(authSchema.parse(value)).toEqual(value);
  });

  it('takes OAuth 2 with the client in a header, unless the body is asked for', () => {
    expect(authSchema.parse(oauth2)).toEqual({ ...oauth2, clientAuthentication: 'header' });
    const all = { ...oauth2, scope: 'hooks:write a', audience: 'https://api', clientAuthentication: 'body' };
    expect(authSchema.parse(all)).toEqual(all);
  });

  it.each([
    [{ ...basic, username: 'a:b' }, 'username: must not contain a colon'],
    [{ ...basic, username: '', password: '' }, 'username: must not be empty when the password is'],
    [{ ...basic, password: 'a\nb' }, 'password: contains a control character'],
    [{ ...basic, password: '\ud800' }, 'password: contains a lone surrogate, which is not valid Unicode'],
    [
      { ...bearer, token: 'Bearer abc' },
      'token: must be visible ASCII without spaces, and without the word Bearer',
    ],
    [{ ...bearer, token: 'a\r\nX-Evil: 1' }, 'token: must be visible ASCII'],
    [{ ...bearer, token: 'å' }, 'token: must be visible ASCII'],
    [{ ...header, name: 'Content-Length' }, 'name: is reserved'],
    [{ ...header, name: 'webhook-signature' }, 'name: is reserved'],
    [{ ...header, name: 'Cookie' }, 'name: is not a header credentials are sent in here'],
    [{ ...header, name: 'a b' }, 'name: is not a header name'],
    [{ ...header, value: 'a\r\nX-Evil: 1' }, 'value: is not visible ASCII in one line'],
    [{ ...header, value: '' }, 'value: is not visible ASCII in one line'],
    [{ ...header, value: 'a'.repeat(2_049) }, 'value: is longer than 2048 characters'],
    [{ ...oauth2, clientSecret: 'a\u0000' }, 'clientSecret: contains a control character'],
    [{ ...oauth2, scope: 'a  b' }, 'scope: must be names with one space between them'],
    [{ ...oauth2, scope: 'a"b' }, 'scope: must be names with one space between them'],
    [{ ...oauth2, clientAuthentication: 'query' }, 'clientAuthentication: Invalid'],
    [{ ...oauth2, grantType: 'password' }, 'Unrecognized key'],
    [{ ...basic, token: 'a' }, 'Unrecognized key'],
    [{ type: 'digest' }, 'type: must be basic, bearer, header or oauth2'],
    [{}, 'type: must be basic, bearer, header or oauth2'],
  ])('refuses %j', (value, message) => {
    expect(problemsOf(value)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    [basic, 'username', 255],
    [basic, 'password', 1_024],
    [bearer, 'token', 8_192],
    [oauth2, 'tokenUrl', 2_048],
    [oauth2, 'clientId', 500],
    [oauth2, 'clientSecret', 2_048],
    [oauth2, 'scope', 1_000],
    [oauth2, 'audience', 1_000],
  ])('%j has a limit for %s', (value, field, maxLength) => {
    expect(problemsOf({ ...value, [field]: 'a'.repeat(maxLength) })).toEqual([]);
    expect(problemsOf({ ...value, [field]: 'a'.repeat(maxLength + 1) })).toHaveLength(1);
  });
});

describe('clientCertificate', () => {
  const pair = { certificate: '-----BEGIN', key: '-----BEGIN' };

  it.each([pair, { ...pair, passphrase: '' }, { pkcs12: 'MIIA' }, { pkcs12: 'MIIA', passphrase: 'x' }])(
    'takes %j',
    (value) => {
      expect(clientCertificateSchema.parse(value)).toEqual(value);
    },
  );

  it.each([
    { certificate: '-----BEGIN' },
    { ...pair, pkcs12: 'MIIA' },
    { pkcs12: '-----BEGIN' },
    { pkcs12: '' },
    { ...pair, key: 'a'.repeat(16_385) },
    { ...pair, certificate: 'a'.repeat(65_537) },
    { pkcs12: 'AAAA'.repeat(16_385) },
    'pem',
  ])('refuses what is not of its outline: %.60j', (value) => {
    expect(clientCertificateSchema.safeParse(value).success).toBe(false);
  });
});
