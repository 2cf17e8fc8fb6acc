import type { Config } from '../config.ts';

/** Of every answer of the API: JSON that is read by programs, and shown in no page. */
export const API_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export type PageConfig = Pick<Config, 'publicUrl' | 'frameOrigins' | 'branding'>;

/**
 * What goes out with a page of the dashboard or the portal. Scripts come from us as files and in
 * no other way; only the portal may be held in a frame, by the configured origins.
 *
 * @param nonce what style elements carry that may be used: fresh for every page
 */
export function pageHeaders(config: PageConfig, path: string, nonce: string): Record<string, string> {
  const framing = isPortal(path) && config.frameOrigins.length > 0;
  return {
    'content-security-policy': contentPolicy(config, framing, nonce),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(framing ? {} : { 'x-frame-options': 'DENY' }),
    // Half a year, for this host alone: what else is at the domain isn't ours to decide.
    ...(config.publicUrl?.startsWith('https:') ? { 'strict-transport-security': 'max-age=15552000' } : {}),
  };
}

/** The one page a link of the platform leads to. What a guest sees from there on is drawn in that document. */
function isPortal(path: string): boolean {
  return path === '/portal' || path === '/portal/';
}

function contentPolicy({ branding, frameOrigins }: PageConfig, framing: boolean, nonce: string): string {
  const logo = branding.logoUrl === null ? [] : [new URL(branding.logoUrl).origin];
  return [
    "default-src 'none'",
    "script-src 'self'",
    // Components write style elements of their own, and carry the nonce.
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src ${["'self'", 'data:', ...logo].join(' ')}`,
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${framing ? frameOrigins.join(' ') : "'none'"}`,
  ].join('; ');
}
