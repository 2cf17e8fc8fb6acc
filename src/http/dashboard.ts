import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Context, Hono } from 'hono';
import { type PageConfig, pageHeaders } from './security-headers.ts';

/** Where `npm run build` puts the dashboard, whether this file runs from `src` or from `dist`. */
const BUILT = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));
const NONCE_PLACE = '__CSP_NONCE__';
const NONCE_BYTES = 16;
/** The names of these files change with what is in them. */
const FOREVER = 'public, max-age=31536000, immutable';
const DAY = 'public, max-age=86400';

/**
 * Serves the dashboard: its files, and its document for every other path a browser may ask for, as which screen a path
 * means is decided in the browser. Comes after the routes of the API.
 *
 * Does nothing where the dashboard hasn't been built.
 */
export function addDashboard(app: Hono, config: PageConfig): void {
  const document = readDocument();
  if (document === undefined) return;
  const files = (cacheControl: string) =>
    serveStatic({
      root: BUILT,
      onFound: (_path, context) => {
        context.header('cache-control', cacheControl);
        context.header('x-content-type-options', 'nosniff');
      },
    });
  app.get('/assets/*', files(FOREVER));
  app.get('/favicon.svg', files(DAY));
  app.get('*', (context, next) => (wantsPage(context) ? page(document, config, context.req.path) : next()));
}

/** A program that asks for a path there isn't gets a 404, not a page. */
function wantsPage(context: Context): boolean {
  const { path } = context.req;
  const isApi = path.startsWith('/v1/') || path.startsWith('/assets/');
  return !isApi && (context.req.header('accept') ?? '').includes('text/html');
}

function page(document: string, config: PageConfig, path: string): Response {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const headers = {
    ...pageHeaders(config, path, nonce),
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  };
  return new Response(document.replaceAll(NONCE_PLACE, nonce), { headers });
}

function readDocument(): string | undefined {
  try {
    return readFileSync(`${BUILT}index.html`, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
