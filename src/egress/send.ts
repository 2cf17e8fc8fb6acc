import type { EgressPolicy } from './address.ts';
import { type Agent, createAgents } from './agents.ts';
import { aborted, Exchange, type Sent } from './exchange.ts';
import { explainRefusedUrl } from './explain.ts';
import { remember } from './remember.ts';
import { createResolver, type Lookup } from './resolve.ts';
import type { TlsIdentity } from './tls-identity.ts';
import { judgeUrl, type UrlVerdict } from './url.ts';

export type { Sent } from './exchange.ts';
export type { FailureCode, SendFailure } from './failure.ts';
export type { TlsIdentity } from './tls-identity.ts';

type Target = UrlVerdict & { readonly ok: true };

export interface OutgoingRequest {
  /**
   * Requests with another isolation never wait for each other, even if they go to the same place: they don't
   * share connections. The dispatcher gives the webhook's id.
   */
  readonly isolation: string;
  readonly url: string;
  /** Without `host`, `content-length` and `connection`, which follow from the rest. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** For all of it: resolving, connecting, sending, and the whole body of the answer. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  /**
   * The client certificate and the authorities of the webhook. With an id that is new to its isolation,
   * connections made under the one before take no more requests.
   */
  readonly tls?: TlsIdentity | undefined;
}

export interface Sender {
  /** Sends one POST request. Never rejects: whatever goes wrong is an outcome. */
  send(request: OutgoingRequest): Promise<Sent>;
  /** Ends everything in flight as `aborted`; resolves once its connections are closed. */
  destroy(): Promise<void>;
}

export interface SenderOptions {
  readonly policy: EgressPolicy;
  readonly lookup?: Lookup;
  readonly now?: () => number;
  /** For each isolation on its own. */
  readonly connectionsPerOrigin?: number;
  /** `ca`: PEM certificates of authorities to trust beside the usual ones. */
  readonly tls?: { readonly ca?: string };
}

/**
 * Makes the one thing that sends requests to addresses accounts chose. Each request is checked anew: its URL
 * against the policy, its name resolved, every address judged, and the connection made to the judged address.
 * Redirects aren't followed. Once destroyed, `send` answers `aborted`.
 */
export function createSender(options: SenderOptions): Sender {
  const { policy, now = Date.now, connectionsPerOrigin, tls } = options;
  const agents = createAgents({ policy, now, connectionsPerOrigin, ca: tls?.ca });
  const resolve = createResolver(policy, options.lookup);
  // A verdict depends on nothing but the URL and the policy, and parsing a URL costs more than the rest here.
  const judge = remember((url) => judgeUrl(url, policy), 4_096);
  const inFlight = new Map<Exchange, Agent | undefined>();
  let isDestroyed = false;

  function start(request: OutgoingRequest, target: Target): Promise<Sent> {
    return new Promise((settle) => {
      const exchange = new Exchange(request.timeoutMs, now, (sent) => {
        finish(exchange);
        settle(sent);
      });
      inFlight.set(exchange, undefined);
      void dispatch(exchange, request, target);
    });
  }

  async function dispatch(exchange: Exchange, request: OutgoingRequest, target: Target): Promise<void> {
    const { isolation, headers, body, timeoutMs, connectTimeoutMs, tls: identity } = request;
    const resolved = await resolve(target.host, Math.min(connectTimeoutMs, timeoutMs));
    if (exchange.hasEnded) return;
    if (!resolved.ok) return exchange.fail(resolved.failure);
    const { https, host, port } = target;
    const { address, family, public: isPublic } = resolved;
    const clientCertificate = identity?.cert !== undefined;
    const destination = { https, host, port, address, family, public: isPublic, clientCertificate };
    const { origin, path } = splitUrl(target.url);
    const agent = agents.acquire({ isolation, origin, destination, connectTimeoutMs, identity });
    inFlight.set(exchange, agent);
    exchange.destination = destination;
    agent.pool.dispatch({ method: 'POST', path, headers, body }, exchange);
  }

  function finish(exchange: Exchange): void {
    const agent = inFlight.get(exchange);
    if (agent !== undefined) agents.release(agent);
    inFlight.delete(exchange);
  }

  return {
    async send(request) {
      if (isDestroyed) return aborted;
      const verdict = judge(request.url);
      if (verdict.ok) return start(request, verdict);
      return { kind: 'failure', failure: explainRefusedUrl(verdict), durationMs: 0 };
    },
    async destroy() {
      isDestroyed = true;
      for (const exchange of inFlight.keys()) exchange.abort();
      await agents.destroy();
    },
  };
}

/** Takes a normalised URL: it always has a path, and no "/" before it but the two of the scheme. */
function splitUrl(url: string): { origin: string; path: string } {
  const pathStart = url.indexOf('/', 'https://'.length);
  return { origin: url.slice(0, pathStart), path: url.slice(pathStart) };
}
