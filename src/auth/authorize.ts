import type { Auth } from './settings.ts';
import type { AuthView } from './view.ts';

/**
 * The headers that say who sends a request, to be laid over all others; their names are in lower case.
 *
 * @param token the access token, which `oauth2` needs
 */
export function authorizationHeaders(auth: Auth | null, token?: string): Record<string, string> {
  switch (auth?.type) {
    case undefined:
      return {};
    case 'basic':
      return { authorization: `Basic ${base64(`${auth.username}:${auth.password}`)}` };
    case 'bearer':
      return { authorization: `Bearer ${auth.token}` };
    case 'header':
      return { [auth.name.toLowerCase()]: auth.value };
    case 'oauth2':
      if (token === undefined) throw new Error('a webhook with oauth2 is sent to without a token');
      return { authorization: `Bearer ${token}` };
  }
}

/**
 * The one header `auth` sets, in lower case, so that nothing else of the webhook sets it too; null if none.
 */
export function authorizationHeaderName(auth: Auth | AuthView | null): string | null {
  if (auth === null) return null;
  return auth.type === 'header' ? auth.name.toLowerCase() : 'authorization';
}

/** In UTF-8, as everybody does by now; RFC 7617 leaves it open. */
function base64(credentials: string): string {
  return Buffer.from(credentials).toString('base64');
}
