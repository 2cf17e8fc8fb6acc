import type { OutgoingRequest, TlsIdentity } from '../egress/send.ts';
import { VERSION } from '../version.ts';
import type { OAuthSettings } from './settings.ts';

export type TokenTimeouts = Pick<OutgoingRequest, 'timeoutMs' | 'connectTimeoutMs'>;

/**
 * Makes the request for an access token by client credentials (RFC 6749, 4.4.2).
 *
 * @param key whose token it is: nobody waits for the token server of another
 */
export function tokenRequest(
  key: string,
  settings: OAuthSettings,
  tls: TlsIdentity | undefined,
  timeouts: TokenTimeouts,
): OutgoingRequest {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (settings.scope !== undefined) form.set('scope', settings.scope);
  if (settings.audience !== undefined) form.set('audience', settings.audience);
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': `Waybill/${VERSION}`,
  };
  if (settings.clientAuthentication === 'body') {
    form.set('client_id', settings.clientId);
    form.set('client_secret', settings.clientSecret);
  } else {
    headers.authorization = clientHeader(settings);
  }
  return {
    isolation: `oauth2 ${key}`,
    url: settings.tokenUrl,
    headers,
    body: form.toString(),
    tls,
    ...timeouts,
  };
}

/** RFC 6749, 2.3.1: both parts are encoded as in a form first, which lets a client id have a colon. */
function clientHeader({ clientId, clientSecret }: OAuthSettings): string {
  const credentials = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice('='.length);
}
