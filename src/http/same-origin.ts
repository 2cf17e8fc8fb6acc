import { WaybillError } from '../errors.ts';

/** The value of a header; undefined if it wasn't sent. */
export type RequestHeaders = (name: string) => string | undefined;

/**
 * Refuses what a page of another site may have made a browser send. Whoever says nothing of where the request comes
 * from is refused too: every browser that is kept up to date says it with whatever isn't a GET.
 *
 * @param publicUrl where people reach us; undefined: at the host they name
 * @throws WaybillError `cross_site_request` (403)
 */
export function requireSameOrigin(header: RequestHeaders, publicUrl: string | undefined): void {
  if (isSameOrigin(header, publicUrl) !== true) throw crossSite();
}

/** The same for what needs no cookie but sets one: programs, which say nothing, may. */
export function refuseCrossSite(header: RequestHeaders, publicUrl: string | undefined): void {
  if (isSameOrigin(header, publicUrl) === false) throw crossSite();
}

/** By Fetch Metadata, which no page can forge, else by `Origin`. Undefined if the request has neither. */
function isSameOrigin(header: RequestHeaders, publicUrl: string | undefined): boolean | undefined {
  const site = header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = header('origin');
  if (origin === undefined) return undefined;
  if (publicUrl !== undefined) return origin === publicUrl;
  return URL.parse(origin)?.host === header('host');
}

function crossSite(): WaybillError {
  return new WaybillError(
    'cross_site_request',
    403,
    'With a cookie, this can be asked by our own pages only.',
  );
}
