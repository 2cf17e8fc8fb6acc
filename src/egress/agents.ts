import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { Pool } from 'undici';
import type { EgressPolicy } from './address.ts';
import { openConnection } from './connector.ts';
import type { Destination } from './destination.ts';

/** A pool of connections to one address, and what its sockets need when they are opened. */
export interface Agent {
  readonly pool: Pool;
  /** The deadline for connections opened from now on. */
  connectTimeoutMs: number;
  inFlight: number;
  usedAt: number;
  /** Sockets undici doesn't know yet, so that it can't destroy them. */
  readonly connecting: Set<Socket>;
}

/** The pools by destination. Unused ones are closed after a while, the least recently used beyond a number. */
export interface Agents {
  /** Gives the agent for a destination, and keeps it open until it's given back with `release`. */
  acquire(origin: string, destination: Destination, connectTimeoutMs: number): Agent;
  release(agent: Agent): void;
  count(): number;
  /** Closes the agents without a request in flight, and from now on each one as soon as it is given back. */
  close(): void;
  /** Closes everything, whatever is in flight; resolves once the sockets are closed. */
  destroy(): Promise<void>;
}

export interface AgentsOptions {
  readonly policy: EgressPolicy;
  readonly now: () => number;
  readonly connectionsPerOrigin?: number | undefined;
  readonly ca?: string | undefined;
  readonly idleMs?: number;
  readonly maxAgents?: number;
}

const maxResponseHeaderBytes = 16_384;

/** Makes an empty registry. Until `destroy` is called an unreferenced timer closes what isn't used. */
export function createAgents(options: AgentsOptions): Agents {
  const { idleMs = 60_000, maxAgents = 2_000 } = options;
  const secureContext = createSecureContext({ ca: options.ca, minVersion: 'TLSv1.2' });
  const agents = new Map<string, Agent>();
  let isClosed = false;
  const sweeper = setInterval(() => closeUnusedSince(performance.now() - idleMs), idleMs / 4).unref();

  function close(key: string, agent: Agent): void {
    agents.delete(key);
    void agent.pool.close();
  }
  function closeUnusedSince(time: number): void {
    for (const [key, agent] of agents) if (agent.inFlight === 0 && agent.usedAt <= time) close(key, agent);
  }
  function add(key: string, origin: string, destination: Destination): Agent {
    const oldest = agents.size < maxAgents ? undefined : leastRecentlyUsed(agents);
    if (oldest !== undefined) close(...oldest);
    const agent = createAgent(origin, destination, options, secureContext);
    agents.set(key, agent);
    return agent;
  }

  return {
    acquire(origin, destination, connectTimeoutMs) {
      const key = `${destination.address} ${origin}`;
      const agent = agents.get(key) ?? add(key, origin, destination);
      agent.connectTimeoutMs = connectTimeoutMs;
      agent.inFlight += 1;
      return agent;
    },
    release(agent) {
      agent.inFlight -= 1;
      agent.usedAt = performance.now();
      if (isClosed) closeUnusedSince(Number.POSITIVE_INFINITY);
    },
    count: () => agents.size,
    close() {
      clearInterval(sweeper);
      isClosed = true;
      closeUnusedSince(Number.POSITIVE_INFINITY);
    },
    async destroy() {
      clearInterval(sweeper);
      const all = [...agents.values()];
      agents.clear();
      await Promise.all(all.map(destroyAgent));
    },
  };
}

function createAgent(
  origin: string,
  destination: Destination,
  options: AgentsOptions,
  secureContext: SecureContext,
): Agent {
  const { policy, now, connectionsPerOrigin = 64 } = options;
  const connecting = new Set<Socket>();
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
      const timeoutMs = agent.connectTimeoutMs;
      openConnection(destination, { policy, secureContext, connecting, timeoutMs, now }, done);
    },
  });
  const agent: Agent = { pool, connecting, connectTimeoutMs: 0, inFlight: 0, usedAt: performance.now() };
  return agent;
}

async function destroyAgent({ pool, connecting }: Agent): Promise<void> {
  const destroyed = pool.destroy();
  for (const socket of connecting) socket.destroy();
  await destroyed;
}

function leastRecentlyUsed(agents: ReadonlyMap<string, Agent>): [string, Agent] | undefined {
  let oldest: [string, Agent] | undefined;
  for (const entry of agents) {
    const older = oldest === undefined || entry[1].usedAt < oldest[1].usedAt;
    if (entry[1].inFlight === 0 && older) oldest = entry;
  }
  return oldest;
}
