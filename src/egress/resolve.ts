import { isIP } from 'node:net';
import { type AddressVerdict, type EgressPolicy, judgeAddress } from './address.ts';
import { explainLookupError, explainLookupTimeout, explainRefusedAddress } from './explain.ts';
import type { SendFailure } from './failure.ts';
import { isLocalhost } from './host-name.ts';
import { createLookup, type Lookup } from './lookup.ts';
import { remember } from './remember.ts';

export type { Lookup } from './lookup.ts';

interface Pinned {
  readonly ok: true;
  readonly address: string;
  readonly family: 4 | 6;
  readonly public: boolean;
}
interface Unresolved {
  readonly ok: false;
  readonly failure: SendFailure;
}
export type Resolved = Pinned | Unresolved;

/** The addresses a name may be reached at, all of one family. */
type Judged = { readonly ok: true; readonly choice: readonly [Pinned, ...Pinned[]] } | Unresolved;
type Judge = (address: string) => AddressVerdict;

/** Resolves a host to the one address to connect to. Never rejects. */
export type Resolver = (hostname: string, timeoutMs?: number) => Promise<Resolved>;

/**
 * Makes the resolver for a policy. Every address of a name is judged, and one that is refused refuses the name:
 * a name that mixes public and private addresses is an attack. Of the addresses of the family found first, each
 * call takes the next in turn, so that one that is dead doesn't fail every attempt.
 * Nothing is kept once a lookup has ended, so each answer is as fresh as the connection made with it; calls
 * for a name whose lookup is under way share it. `localhost` is always this machine, whatever a lookup says.
 */
export function createResolver(policy: EgressPolicy, lookup: Lookup = defaultLookup(policy)): Resolver {
  // Not what a name resolves to, only what an address is: that never changes.
  const judge = remember((address) => judgeAddress(address, policy), 4_096);
  const underWay = new Map<string, Promise<Judged>>();
  let turn = 0;

  function resolveName(hostname: string): Promise<Judged> {
    const shared = underWay.get(hostname);
    if (shared !== undefined) return shared;
    const started = lookUpAndJudge(hostname, judge, lookup).finally(() => underWay.delete(hostname));
    underWay.set(hostname, started);
    return started;
  }

  function pick(judged: Judged): Resolved {
    if (!judged.ok) return judged;
    const { choice } = judged;
    if (choice.length === 1) return choice[0];
    turn += 1;
    return choice[(turn - 1) % choice.length] ?? choice[0];
  }

  return async (hostname, timeoutMs) => {
    if (isIP(hostname) !== 0) return pick(judgeAll(hostname, [hostname], judge));
    if (isLocalhost(hostname)) return pick(judgeLocalhost(hostname, judge));
    const judged = resolveName(hostname);
    return pick(await (timeoutMs === undefined ? judged : withinTime(judged, hostname, timeoutMs)));
  };
}

/** With an allow-list this server runs inside a network that has names of its own. */
function defaultLookup(policy: EgressPolicy): Lookup {
  return createLookup({ localNames: policy.allow.length > 0 });
}

async function lookUpAndJudge(hostname: string, judge: Judge, lookup: Lookup): Promise<Judged> {
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

const loopbackAddresses = ['127.0.0.1', '::1'];

/**
 * RFC 6761, 6.3: nobody is asked about localhost names. As it's us who have both addresses in mind, a policy that
 * allows one of them is enough.
 */
function judgeLocalhost(hostname: string, judge: Judge): Judged {
  const allowed = loopbackAddresses.filter((address) => judge(address).allowed);
  return judgeAll(hostname, allowed.length === 0 ? loopbackAddresses : allowed, judge);
}

function judgeAll(hostname: string, addresses: readonly string[], judge: Judge): Judged {
  const all: Pinned[] = [];
  for (const address of addresses) {
    const verdict = judge(address);
    if (!verdict.allowed) return { ok: false, failure: explainRefusedAddress(hostname, verdict.kind) };
    all.push({ ok: true, address, family: isIP(address) === 6 ? 6 : 4, public: verdict.public });
  }
  const [first, ...rest] = all;
  if (first === undefined) {
    return { ok: false, failure: explainLookupError({ code: 'ENODATA' }, hostname) };
  }
  return { ok: true, choice: [first, ...rest.filter(({ family }) => family === first.family)] };
}

function withinTime(judged: Promise<Judged>, hostname: string, timeoutMs: number): Promise<Judged> {
  return new Promise((settle) => {
    const expire = () => settle({ ok: false, failure: explainLookupTimeout(hostname, timeoutMs) });
    const timer = setTimeout(expire, timeoutMs);
    void judged.then((value) => {
      clearTimeout(timer);
      settle(value);
    });
  });
}
