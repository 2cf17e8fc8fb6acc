import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, so that a slow hash would add nothing. */
export function newToken(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** What is stored of a token. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * An address of the dashboard with a token behind the #: browsers send that part to no server, so that it appears in
 * no log and no Referer.
 */
export function tokenLink(baseUrl: string, path: string, token: string): string {
  return `${baseUrl}${path}#token=${token}`;
}
