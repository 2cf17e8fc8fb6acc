import type { Clock } from '../clock.ts';
import type { OutgoingRequest, Sender, TlsIdentity } from '../egress/send.ts';
import type { OAuthSettings } from './settings.ts';
import { judgeTokenAnswer, type TokenFailure } from './token-answer.ts';
import { type TokenTimeouts, tokenRequest } from './token-request.ts';

export type { TokenFailure, TokenFailureCode } from './token-answer.ts';

/** `aborted`: the sender was destroyed while the token was being asked for. */
export type TokenOutcome =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'failure'; readonly failure: TokenFailure }
  | { readonly kind: 'aborted' };

/** Access tokens by client credentials (RFC 6749, 4.4), kept in memory as long as they are good. */
export interface OAuthTokens {
  /**
   * Gives the token that belongs to a key, and asks for one if there is none. However many want it, one
   * request is under way at a time. Never rejects. Other settings, or another identity, than the last time
   * begin anew.
   *
   * @param key the webhook's id
   * @param tls what the token server is asked with: the webhook's own
   */
  get(key: string, settings: OAuthSettings, tls?: TlsIdentity): Promise<TokenOutcome>;
  /**
   * Takes back a token that a receiver has refused with a 401. This helps once in 30 seconds: a server that
   * refuses new tokens too isn't to be asked for one with each delivery.
   *
   * @returns whether `get` may have another token now
   */
  refresh(key: string, token: string): boolean;
}

export interface OAuthTokensOptions {
  readonly sender: Sender;
  readonly clock: Pick<Clock, 'now'>;
  /** Beyond it, those that weren't asked for the longest are forgotten. */
  readonly maxKeys?: number;
  readonly timeouts?: TokenTimeouts;
}

interface Grant {
  readonly token: string;
  /** From then on a new one is asked for, while this one is still used. */
  readonly renewAt: number;
  readonly usableUntil: number;
}

interface Entry {
  readonly fingerprint: string;
  grant: Grant | undefined;
  failed: { readonly failure: TokenFailure; readonly until: number } | undefined;
  pending: Promise<TokenOutcome> | undefined;
  refreshableAt: number;
}

const DEFAULT_TIMEOUTS: TokenTimeouts = { timeoutMs: 10_000, connectTimeoutMs: 5_000 };
const REFRESH_INTERVAL_MS = 30_000;
/** How long a failure stands before the server is asked again. */
const FAILURE_MS = 15_000;
const MAX_FAILURE_MS = 300_000;

/** Makes an empty store of tokens; all requests for them go through `sender`, so by its rules. */
export function createOAuthTokens(options: OAuthTokensOptions): OAuthTokens {
  const { sender, clock, maxKeys = 10_000, timeouts = DEFAULT_TIMEOUTS } = options;
  // In the order they were last asked for.
  const entries = new Map<string, Entry>();

  function entryOf(key: string, fingerprint: string): Entry {
    const known = entries.get(key);
    entries.delete(key);
    const entry = known?.fingerprint === fingerprint ? known : newEntry(fingerprint);
    entries.set(key, entry);
    if (entries.size > maxKeys) forgetOne();
    return entry;
  }
  function forgetOne(): void {
    for (const [key, entry] of entries) {
      if (entry.pending !== undefined) continue;
      entries.delete(key);
      return;
    }
  }
  async function ask(entry: Entry, request: OutgoingRequest, secret: string): Promise<TokenOutcome> {
    const askedAt = clock.now();
    const sent = await sender.send(request);
    entry.pending = undefined;
    if (sent.kind === 'aborted') return sent;
    const answer = judgeTokenAnswer(sent, secret);
    if (answer.kind === 'failure') {
      const { failure } = answer;
      const waitMs = Math.min(Math.max(FAILURE_MS, answer.retryAfterMs ?? 0), MAX_FAILURE_MS);
      entry.failed = { failure, until: clock.now() + waitMs };
      return { kind: 'failure', failure };
    }
    entry.failed = undefined;
    entry.grant = grantOf(answer.token, answer.lifetimeMs, askedAt);
    return tokenOf(entry.grant);
  }

  return {
    async get(key, settings, tls) {
      const entry = entryOf(key, fingerprintOf(settings, tls));
      const { grant, failed } = entry;
      const now = clock.now();
      const isUsable = grant !== undefined && now < grant.usableUntil;
      if (isUsable && now < grant.renewAt) return tokenOf(grant);
      if (failed !== undefined && now < failed.until) {
        return isUsable ? tokenOf(grant) : { kind: 'failure', failure: failed.failure };
      }
      entry.pending ??= ask(entry, tokenRequest(key, settings, tls, timeouts), settings.clientSecret);
      return isUsable ? tokenOf(grant) : entry.pending;
    },
    refresh(key, token) {
      const entry = entries.get(key);
      if (entry?.grant?.token !== token) return true;
      if (clock.now() < entry.refreshableAt) return false;
      entry.grant = undefined;
      entry.refreshableAt = clock.now() + REFRESH_INTERVAL_MS;
      return true;
    },
  };
}

function tokenOf({ token }: Grant): TokenOutcome {
  return { kind: 'token', token };
}

function newEntry(fingerprint: string): Entry {
  return { fingerprint, grant: undefined, failed: undefined, pending: undefined, refreshableAt: 0 };
}

/**
 * A request under way takes time, and clocks differ: a short life is cut by parts of it, a long one by
 * seconds.
 */
function grantOf(token: string, lifetimeMs: number, now: number): Grant {
  return {
    token,
    renewAt: now + lifetimeMs - Math.min(60_000, lifetimeMs / 4),
    usableUntil: now + lifetimeMs - Math.min(5_000, lifetimeMs / 10),
  };
}

function fingerprintOf(settings: OAuthSettings, tls: TlsIdentity | undefined): string {
  const { tokenUrl, clientId, clientSecret, scope, audience, clientAuthentication } = settings;
  return JSON.stringify([tokenUrl, clientId, clientSecret, scope, audience, clientAuthentication, tls?.id]);
}
