import { WaybillError } from '../errors.ts';
import type { Caller } from '../people/caller.ts';
import { PORTAL_PREFIX } from '../people/portal.ts';
import type { Waybill } from '../waybill.ts';
import { type RequestHeaders, requireSameOrigin } from './same-origin.ts';

/**
 * Who makes a request: by `Authorization: Bearer KEY` (RFC 6750), which may also be a token of the portal, or by the
 * cookie of a session. Browsers send cookies with whatever page asks them to: what changes something by one must
 * come from our own origin.
 *
 * @throws WaybillError `unauthorized` (401), `cross_site_request` (403)
 */
export async function authenticate(
  waybill: Waybill,
  method: string,
  header: RequestHeaders,
): Promise<Caller> {
  const authorization = header('authorization');
  if (authorization !== undefined) return byBearer(waybill, authorization);
  const cookie = header('cookie');
  const caller = cookie === undefined ? undefined : await waybill.people.sessions.identify(cookie);
  if (!caller) throw unauthorized('Send an API key as "Authorization: Bearer KEY", or sign in.');
  if (method !== 'GET' && method !== 'HEAD') requireSameOrigin(header, waybill.config.publicUrl);
  return caller;
}

async function byBearer(waybill: Waybill, authorization: string): Promise<Caller> {
  const key = /^Bearer +([\x21-\x7e]{1,256})$/i.exec(authorization)?.[1];
  if (key === undefined) throw unauthorized('Send an API key as "Authorization: Bearer KEY".');
  const identity = await waybill.apiKeys.identify(key);
  if (identity) return identity;
  const visitor = key.startsWith(PORTAL_PREFIX) ? await waybill.people.portal.identify(key) : undefined;
  if (!visitor) throw unauthorized('This API key is unknown or has been revoked.');
  return visitor;
}

function unauthorized(message: string): WaybillError {
  return new WaybillError('unauthorized', 401, message);
}
