import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { type AddressVerdict, type EgressPolicy, judgeAddress } from './address.ts';
import { explainLookupError, explainLookupTimeout, explainRefusedAddress } from './explain.ts';
import type { SendFailure } from './failure.ts';
import { remember } from './remember.ts';

/** Finds the addresses of a host name, in the order they should be tried. Rejects like `dns.lookup`. */
export type Lookup = (hostname: string) => Promise<readonly { address: string; family: 4 | 6 }[]>;

export type Resolved =
  | { readonly ok: true; readonly address: string; readonly family: 4 | 6; readonly public: boolean }
  | { readonly ok: false; readonly failure: SendFailure };

type Judge = (address: string) => AddressVerdict;

/** Resolves a host to the one address to connect to. Never rejects. */
export type Resolver = (hostname: string, timeoutMs?: number) => Promise<Resolved>;

/**
 * Makes the resolver for a policy. Every address of a name is judged, and one that is refused refuses the name:
 * a name that mixes public and private addresses is an attack. The first address is the one to connect to.
 * Nothing is kept once a lookup has ended, so each answer is as fresh as the connection made with it; calls
 * for a name whose lookup is under way share it.
 */
export function createResolver(policy: EgressPolicy, lookup: Lookup = systemLookup): Resolver {
  // Not what a name resolves to, only what an address is: that never changes.
  const judge = remember((address) => judgeAddress(address, policy), 4_096);
  const underWay = new Map<string, Promise<Resolved>>();

  function resolveName(hostname: string): Promise<Resolved> {
    const shared = underWay.get(hostname);
    if (shared !== undefined) return shared;
    const started = lookUpAndJudge(hostname, judge, lookup).finally(() => underWay.delete(hostname));
    underWay.set(hostname, started);
    return started;
  }

  return async (hostname, timeoutMs) => {
    if (isIP(hostname) !== 0) return judgeAll(hostname, [hostname], judge);
    const resolved = resolveName(hostname);
    return timeoutMs === undefined ? resolved : withinTime(resolved, hostname, timeoutMs);
  };
}

async function systemLookup(hostname: string): Promise<{ address: string; family: 4 | 6 }[]> {
  // 'verbatim' keeps the order of getaddrinfo (RFC 6724), which puts families without a route last.
  const found = await dns.lookup(hostname, { all: true, order: 'verbatim' });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

async function lookUpAndJudge(hostname: string, judge: Judge, lookup: Lookup): Promise<Resolved> {
  try {
    const found = await lookup(hostname);
    return judgeAll(
      hostname,
      found.map(({ address }) => address),
      judge,
    );
  } catch (error) {
    return { ok: false, failure: explainLookupError(error, hostname) };
  }
}

function judgeAll(hostname: string, addresses: readonly string[], judge: Judge): Resolved {
  let first: Resolved | undefined;
  for (const address of addresses) {
    const verdict = judge(address);
    if (!verdict.allowed) return { ok: false, failure: explainRefusedAddress(hostname, verdict.kind) };
    first ??= { ok: true, address, family: isIP(address) === 6 ? 6 : 4, public: verdict.public };
  }
  return first ?? { ok: false, failure: explainLookupError({ code: 'ENODATA' }, hostname) };
}

function withinTime(resolved: Promise<Resolved>, hostname: string, timeoutMs: number): Promise<Resolved> {
  return new Promise((settle) => {
    const expire = () => settle({ ok: false, failure: explainLookupTimeout(hostname, timeoutMs) });
    const timer = setTimeout(expire, timeoutMs);
    void resolved.then((value) => {
      clearTimeout(timer);
      settle(value);
    });
  });
}
