import { describe, expect, it } from 'vitest';
import { authorizationHeaderName, authorizationHeaders } from './authorize.ts';
import { type Auth, authSchema } from './settings.ts';

const oauth2 = authSchema.parse({
  type: 'oauth2',
  tokenUrl: 'https://login.example/',
  clientId: 'acme',
  clientSecret: 'secret',
});

describe('the headers of a request', () => {
  it.each<[Auth | null, Record<string, string>]>([
    [null, {}],
    // The example of RFC 7617, 2, and its accented one in 2.1.
    [
      { type: 'basic', username: 'Aladdin', password: 'open sesame' },
      { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' },
    ],
    [{ type: 'basic', username: 'test', password: '123£' }, { authorization: 'Basic dGVzdDoxMjPCow==' }],
    [{ type: 'basic', username: '', password: 'key' }, { authorization: 'Basic OmtleQ==' }],
    [{ type: 'bearer', token: 'abc' }, { authorization: 'Bearer abc' }],
    [{ type: 'header', name: 'X-Api-Key', value: 'one' }, { 'x-api-key': 'one' }],
    [{ type: 'header', name: 'Authorization', value: 'ApiKey one' }, { authorization: 'ApiKey one' }],
  ])('of %j are %j', (auth, headers) => {
    expect(authorizationHeaders(auth)).toEqual(headers);
    expect(authorizationHeaderName(auth)).toBe(Object.keys(headers)[0] ?? null);
  });

  it('of OAuth 2 hold the token, without which there are none', () => {
    expect(authorizationHeaders(oauth2, 'abc')).toEqual({ authorization: 'Bearer abc' });
    expect(authorizationHeaderName(oauth2)).toBe('authorization');
    expect(() => authorizationHeaders(oauth2)).toThrow();
  });
});
