import { describe, expect, it } from 'vitest';
import { authSchema } from './settings.ts';
import { viewAuth } from './view.ts';

const view = (value: unknown) => viewAuth(authSchema.parse(value));
const long = 'sk_live_0123456789abcdefWXYZ';

describe('what is shown of auth', () => {
  it('names who sends, never what proves it', () => {
    expect(view({ type: 'basic', username: 'acme', password: long })).toEqual({
      type: 'basic',
      username: 'acme',
    });
    expect(view({ type: 'bearer', token: long })).toEqual({ type: 'bearer', tokenEnding: 'WXYZ' });
    expect(view({ type: 'header', name: 'X-Key', value: long })).toEqual({
      type: 'header',
      name: 'X-Key',
      valueEnding: 'WXYZ',
    });
    const oauth2 = {
      type: 'oauth2',
      tokenUrl: 'https://login.example/token',
      clientId: 'acme',
      scope: 'hooks',
    };
    expect(view({ ...oauth2, clientSecret: long })).toEqual({
      ...oauth2,
      clientSecretEnding: 'WXYZ',
      audience: null,
      clientAuthentication: 'header',
    });
  });

  it.each([
    long.slice(0, 23),
    'correct-horse-battery-staple',
    '1234567890123456789012345',
    'Basic YWNtZTpvcGVuc2VzYW1lMQ==',
  ])('shows no ending of %j, which people may have thought up', (secret) => {
    expect(view({ type: 'header', name: 'X-Key', value: secret })).toMatchObject({ valueEnding: null });
  });

  it('never holds a secret as a whole', () => {
    for (const auth of [
      { type: 'basic', username: 'acme', password: long },
      { type: 'bearer', token: long },
      { type: 'header', name: 'X-Key', value: long },
      { type: 'oauth2', tokenUrl: 'https://login.example/', clientId: 'acme', clientSecret: long },
    ]) {
      expect(JSON.stringify(view(auth))).not.toContain(long.slice(0, 8));
    }
  });
});
