import type { Auth } from './settings.ts';

/** What of `auth` the API answers with: enough to recognise the settings by, never enough to use them. */
export type AuthView =
  | { readonly type: 'basic'; readonly username: string }
  | { readonly type: 'bearer'; readonly tokenEnding: string | null }
  | { readonly type: 'header'; readonly name: string; readonly valueEnding: string | null }
  | {
      readonly type: 'oauth2';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecretEnding: string | null;
      readonly scope: string | null;
      readonly audience: string | null;
      readonly clientAuthentication: 'header' | 'body';
    };

export function viewAuth(auth: Auth): AuthView {
  switch (auth.type) {
    case 'basic':
      return { type: 'basic', username: auth.username };
    case 'bearer':
      return { type: 'bearer', tokenEnding: endingOf(auth.token) };
    case 'header':
      return { type: 'header', name: auth.name, valueEnding: endingOf(auth.value) };
    case 'oauth2':
      return {
        type: 'oauth2',
        tokenUrl: auth.tokenUrl,
        clientId: auth.clientId,
        clientSecretEnding: endingOf(auth.clientSecret),
        scope: auth.scope ?? null,
        audience: auth.audience ?? null,
        clientAuthentication: auth.clientAuthentication,
      };
  }
}

const ENDING_LENGTH = 4;
const LEAST_LENGTH = 24;

/**
 * The last characters of a secret that is long and looks made by a machine: it stays as hard to guess without
 * them. Of one that people may have thought up, such as a password, none are shown.
 */
function endingOf(secret: string): string | null {
  const isMade = secret.length >= LEAST_LENGTH && /\d/.test(secret) && /[A-Za-z]/.test(secret);
  return isMade && /^[\x21-\x7e]+$/.test(secret) ? secret.slice(-ENDING_LENGTH) : null;
}
