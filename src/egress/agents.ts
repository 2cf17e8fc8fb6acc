import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { Pool } from 'undici';
import type { EgressPolicy } from './address.ts';
import { ConnectError, openConnection } from './connector.ts';
import type { Destination } from './destination.ts';
import { explainUnusableIdentity } from './explain-client-certificate.ts';
import { createSecureContexts, type SecureContexts, type TlsIdentity } from './tls-identity.ts';

/** A pool of connections of one isolation to one address, and what its sockets need when they are opened. */
export interface Agent {
  readonly key: string;
  readonly identityId: string | undefined;
  readonly pool: Pool;
  /** The deadline for connections opened from now on. */
  connectTimeoutMs: number;
  inFlight: number;
  usedAt: number;
  /** Sockets undici doesn't know yet, so that it can't destroy them. */
  readonly connecting: Set<Socket>;
}

/** Whose connections they are, where they lead, and as whom. */
export interface AgentRequest {
  readonly isolation: string;
  readonly origin: string;
  readonly destination: Destination;
  readonly connectTimeoutMs: number;
  readonly identity?: TlsIdentity | undefined;
}

/**
 * The pools by isolation and destination. Unused ones are closed after a while, and beyond a number the least
 * recently used; those with a request in flight never are. One made under another identity is replaced: it
 * ends what it has in flight and takes nothing new.
 */
export interface Agents {
  /** Gives the agent for a request, and keeps it open until it's given back with `release`. */
  acquire(request: AgentRequest): Agent;
  release(agent: Agent): void;
  count(): number;
  /** Closes everything, whatever is in flight; resolves once the sockets are closed. */
  destroy(): Promise<void>;
}

export interface AgentsOptions {
  readonly policy: EgressPolicy;
  readonly now: () => number;
  readonly connectionsPerOrigin?: number | undefined;
  /** Trusted beside the usual authorities, in PEM. */
  readonly ca?: string | undefined;
  readonly idleMs?: number;
  readonly maxAgents?: number;
}

const maxResponseHeaderBytes = 16_384;

/** Makes an empty registry. Until `destroy` is called an unreferenced timer closes what isn't used. */
export function createAgents(options: AgentsOptions): Agents {
  const { idleMs = 60_000, maxAgents = 10_000 } = options;
  const secureContexts = createSecureContexts(options.ca);
  const agents = new Map<string, Agent>();
  // No longer in the map, because the identity has changed, but not done yet.
  const replaced = new Set<Agent>();
  // In the order they were given back: the least recently used is the first.
  const unused = new Set<Agent>();
  const sweeper = setInterval(() => closeUnusedSince(performance.now() - idleMs), idleMs / 4).unref();

  function close(agent: Agent): void {
    unused.delete(agent);
    agents.delete(agent.key);
    void agent.pool.close();
  }
  function closeUnusedSince(time: number): void {
    for (const agent of unused) {
      if (agent.usedAt > time) return;
      close(agent);
    }
  }
  function add(key: string, request: AgentRequest): Agent {
    const [leastRecentlyUsed] = agents.size < maxAgents ? [] : unused;
    if (leastRecentlyUsed !== undefined) close(leastRecentlyUsed);
    const agent = createAgent(key, request, options, secureContexts);
    agents.set(key, agent);
    return agent;
  }
  function find(key: string, identityId: string | undefined): Agent | undefined {
    const agent = agents.get(key);
    if (agent === undefined || agent.identityId === identityId) return agent;
    if (agent.inFlight > 0) replaced.add(agent);
    close(agent);
    return undefined;
  }

  return {
    acquire(request) {
      const { isolation, origin, destination, connectTimeoutMs, identity } = request;
      const key = `${isolation} ${destination.address} ${origin}`;
      const agent = find(key, identity?.id) ?? add(key, request);
      agent.connectTimeoutMs = connectTimeoutMs;
      agent.inFlight += 1;
      unused.delete(agent);
      return agent;
    },
    release(agent) {
      agent.inFlight -= 1;
      agent.usedAt = performance.now();
      if (agent.inFlight > 0) return;
      if (!replaced.delete(agent)) unused.add(agent);
    },
    count: () => agents.size,
    async destroy() {
      clearInterval(sweeper);
      const all = [...agents.values(), ...replaced];
      agents.clear();
      replaced.clear();
      unused.clear();
      await Promise.all(all.map(destroyAgent));
    },
  };
}

function createAgent(
  key: string,
  { origin, destination, identity }: AgentRequest,
  options: AgentsOptions,
  secureContexts: SecureContexts,
): Agent {
  const { policy, now, connectionsPerOrigin = 64 } = options;
  const connecting = new Set<Socket>();
  let secureContext: SecureContext;
  const pool = new Pool(origin, {
    connections: connectionsPerOrigin,
    pipelining: 1,
    maxHeaderSize: maxResponseHeaderBytes,
    // The sender has one deadline for the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Without a hint of the server (Keep-Alive: timeout=…) assume the shortest time common servers keep an
    // idle connection, 5 s, less a margin: a request sent as the server closes fails.
    keepAliveTimeout: 4_000,
    keepAliveTimeoutThreshold: 1_000,
    keepAliveMaxTimeout: 60_000,
    connect(_, done) {
      try {
        secureContext ??= secureContexts(destination.https ? identity : undefined);
      } catch {
        done(new ConnectError(explainUnusableIdentity()), null);
        return;
      }
      const timeoutMs = agent.connectTimeoutMs;
      openConnection(destination, { policy, secureContext, connecting, timeoutMs, now }, done);
    },
  });
  const usedAt = performance.now();
  const identityId = identity?.id;
  const agent: Agent = { key, identityId, pool, connecting, connectTimeoutMs: 0, inFlight: 0, usedAt };
  return agent;
}

async function destroyAgent({ pool, connecting }: Agent): Promise<void> {
  const destroyed = pool.destroy();
  for (const socket of connecting) socket.destroy();
  await destroyed;
}
