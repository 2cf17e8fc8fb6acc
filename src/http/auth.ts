import { WaybillError } from '../errors.ts';
import type { Identity } from '../manage/api-keys.ts';
import type { Waybill } from '../waybill.ts';

/** Reads `Authorization: Bearer KEY` (RFC 6750). @throws WaybillError `unauthorized` (401) */
export async function authenticate(waybill: Waybill, header: string | undefined): Promise<Identity> {
  const key = /^Bearer +([\x21-\x7e]{1,256})$/i.exec(header ?? '')?.[1];
  if (key === undefined) {
    throw new WaybillError('unauthorized', 401, 'Send an API key as "Authorization: Bearer KEY".');
  }
  const identity = await waybill.apiKeys.identify(key);
  if (!identity) throw new WaybillError('unauthorized', 401, 'This API key is unknown or has been revoked.');
  return identity;
}
