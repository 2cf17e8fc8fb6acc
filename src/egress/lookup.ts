import { promises as dns } from 'node:dns';
import { errorCode } from './error-code.ts';

interface Found {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Finds the addresses of a host name, in the order they should be tried. Rejects like `dns.lookup`. */
export type Lookup = (hostname: string) => Promise<readonly Found[]>;

export interface LookupOptions {
  /** Whether a name the DNS doesn't know is looked up like this machine does: hosts file, search domains. */
  readonly localNames: boolean;
  /** DNS servers as `address:port`. Default: the system's. */
  readonly servers?: readonly string[];
  /** For one try of two. Both must fit into the time a connection may take to be made. */
  readonly timeoutMs?: number;
}

/**
 * Makes the lookup that asks the DNS from the event loop. `dns.lookup` would hold one of libuv's few threads for
 * as long as a name server takes, so that a handful of names nobody answers for would stop all others. It is
 * only for local names, which need an account this server trusts.
 */
export function createLookup({ localNames, servers, timeoutMs = 2_000 }: LookupOptions): Lookup {
  const currentResolver = renewedResolver(timeoutMs, servers);
  return async (hostname) => {
    try {
      return await askDns(currentResolver(), hostname);
    } catch (error) {
      if (localNames && isUnknownName(error)) return askSystem(hostname);
      throw error;
    }
  };
}

const renewAfterMs = 30_000;

/** c-ares reads /etc/resolv.conf only when a resolver is made. That takes 30 µs; lookups under way go on. */
function renewedResolver(timeoutMs: number, servers: readonly string[] | undefined): () => dns.Resolver {
  let resolver: dns.Resolver | undefined;
  let madeAt = 0;
  return () => {
    const now = performance.now();
    if (resolver !== undefined && now - madeAt < renewAfterMs) return resolver;
    // Without a maximum the second try would wait twice as long.
    resolver = new dns.Resolver({ timeout: timeoutMs, tries: 2, maxTimeout: timeoutMs });
    if (servers !== undefined) resolver.setServers(servers);
    madeAt = now;
    return resolver;
  };
}

/** IPv4 first: a server without a route to IPv6 is common, one without a route to IPv4 isn't. */
async function askDns(resolver: dns.Resolver, hostname: string): Promise<Found[]> {
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  // Some name servers fail on a family they have no address of, instead of saying so.
  if (v4.status === 'rejected' && v6.status === 'rejected') throw worse(v4.reason, v6.reason);
  return [...found(v4, 4), ...found(v6, 6)];
}

function found(result: PromiseSettledResult<string[]>, family: 4 | 6): Found[] {
  return result.status === 'rejected' ? [] : result.value.map((address) => ({ address, family }));
}

/** A name is only unknown if nothing went wrong in finding out about either family. */
function worse(first: unknown, second: unknown): unknown {
  return isUnknownName(first) ? second : first;
}

function isUnknownName(error: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA'].includes(errorCode(error));
}

async function askSystem(hostname: string): Promise<Found[]> {
  // 'verbatim' keeps the order of getaddrinfo (RFC 6724), which puts families without a route last.
  const addresses = await dns.lookup(hostname, { all: true, order: 'verbatim' });
  return addresses.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
