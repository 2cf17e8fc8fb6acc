import { authorizationHeaders } from '../auth/authorize.ts';
import type { OAuthTokens, TokenFailure } from '../auth/oauth-tokens.ts';
import type { OAuthSettings } from '../auth/settings.ts';
import type { OutgoingRequest, Sender, Sent } from '../egress/send.ts';
import type { LiveWebhook } from './live-webhook.ts';

export interface AuthorizedSendTools {
  readonly sender: Sender;
  readonly tokens: OAuthTokens;
}

/** There is no access token, so nothing was sent. */
interface Unauthorized {
  readonly failure: TokenFailure;
}

/**
 * Sends a request with the headers that say who sends it. With `oauth2` a token is got first; one that the
 * receiver refuses with a 401 is replaced, and the request sent once more.
 *
 * @returns what came of it, or why there was no token
 */
export function sendAuthorized(
  request: OutgoingRequest,
  webhook: LiveWebhook,
  tools: AuthorizedSendTools,
): Promise<Sent | Unauthorized> {
  const { auth } = webhook;
  if (auth?.type === 'oauth2') return sendWithToken(request, webhook, auth, tools);
  return tools.sender.send(laidOver(request, authorizationHeaders(auth)));
}

async function sendWithToken(
  request: OutgoingRequest,
  { id, tls }: LiveWebhook,
  auth: OAuthSettings,
  { sender, tokens }: AuthorizedSendTools,
): Promise<Sent | Unauthorized> {
  const got = await tokens.get(id, auth, tls);
  if (got.kind === 'aborted') return got;
  if (got.kind === 'failure') return { failure: got.failure };
  const sent = await sender.send(laidOver(request, authorizationHeaders(auth, got.token)));
  if (sent.kind !== 'response' || sent.status !== 401 || !tokens.refresh(id, got.token)) return sent;
  const again = await tokens.get(id, auth, tls);
  // The receiver has answered, and this is what the attempt came to: the next one tells of the token server.
  if (again.kind !== 'token') return again.kind === 'aborted' ? again : sent;
  const resent = await sender.send({
    ...laidOver(request, authorizationHeaders(auth, again.token)),
    timeoutMs: Math.max(1, Math.ceil(request.timeoutMs - sent.durationMs)),
  });
  return resent.kind === 'aborted' ? resent : { ...resent, durationMs: sent.durationMs + resent.durationMs };
}

/** No header goes out twice, whatever case others write it in. */
function laidOver(request: OutgoingRequest, own: Readonly<Record<string, string>>): OutgoingRequest {
  const names = Object.keys(own);
  if (names.length === 0) return request;
  const others = Object.entries(request.headers).filter(([name]) => !names.includes(name.toLowerCase()));
  return { ...request, headers: { ...Object.fromEntries(others), ...own } };
}
