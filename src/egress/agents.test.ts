import { afterEach, describe, expect, test } from 'vitest';
import { startReceiver } from '../../test/support/receiver.ts';
import { parseAddressRanges } from './address.ts';
import { type Agents, type AgentsOptions, createAgents } from './agents.ts';
import type { Destination } from './destination.ts';

const policy = { allowHttp: true, allow: parseAddressRanges('127.0.0.0/8') };
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newAgents(options: Partial<AgentsOptions> = {}): Agents {
  const agents = createAgents({ policy, now: Date.now, ...options });
  cleanups.push(() => agents.destroy());
  return agents;
}

const originOf = (port: number) => `http://hooks.example:${port}`;
const acquire = (agents: Agents, port: number, address = '127.0.0.1', isolation = 'a') => {
  const host = 'hooks.example';
  const destination: Destination = { https: false, host, port, address, family: 4, public: false };
  return agents.acquire({ isolation, origin: originOf(port), destination, connectTimeoutMs: 1_000 });
};

const acquireAs = (agents: Agents, id: string) => {
  const destination: Destination = {
    https: true,
    host: 'hooks.example',
    port: 8_443,
    address: '127.0.0.1',
    family: 4,
    public: false,
  };
  const origin = 'https://hooks.example:8443';
  return agents.acquire({
    isolation: 'a',
    origin,
    destination,
    connectTimeoutMs: 1_000,
    identity: { id },
  });
};

describe('the agents', () => {
  test('one is shared by requests of one isolation to the same address, port and scheme', () => {
    const agents = newAgents();
    const first = acquire(agents, 8_080);
    expect(acquire(agents, 8_080)).toBe(first);
    expect(acquire(agents, 8_081)).not.toBe(first);
    expect(acquire(agents, 8_080, '127.0.0.2')).not.toBe(first);
    expect(acquire(agents, 8_080, '127.0.0.1', 'b')).not.toBe(first);
    expect(agents.count()).toBe(4);
  });

  test('one that is not used for a while is closed, unless a request is in flight', async () => {
    const agents = newAgents({ idleMs: 20 });
    const busy = acquire(agents, 8_080);
    const idle = acquire(agents, 8_081);
    agents.release(idle);
    await expect.poll(() => agents.count()).toBe(1);
    expect(idle.pool.closed).toBe(true);
    expect(busy.pool.closed).toBe(false);
  });

  test('beyond a number the least recently used idle one is closed', () => {
    const agents = newAgents({ maxAgents: 3 });
    const [busy, oldest, newer] = [8_080, 8_081, 8_082].map((port) => acquire(agents, port));
    if (!busy || !oldest || !newer) throw new Error('three were made');
    agents.release(oldest);
    agents.release(newer);
    acquire(agents, 8_083);
    expect([busy, oldest, newer].map(({ pool }) => pool.closed)).toEqual([false, true, false]);
    expect(agents.count()).toBe(3);
  });

  test('one that is used again counts as used last, and stays while one of its requests is in flight', () => {
    const agents = newAgents({ maxAgents: 2 });
    const [again, idle] = [8_080, 8_081].map((port) => acquire(agents, port));
    if (!again || !idle) throw new Error('two were made');
    agents.release(again);
    agents.release(idle);
    acquire(agents, 8_080);
    acquire(agents, 8_080);
    agents.release(again);
    acquire(agents, 8_082);
    acquire(agents, 8_083);
    expect([again, idle].map(({ pool }) => pool.closed)).toEqual([false, true]);
  });
});

describe('an agent of another identity', () => {
  test('is closed at once if it is idle', () => {
    const agents = newAgents();
    const first = acquireAs(agents, '1');
    expect(acquireAs(agents, '1')).toBe(first);
    agents.release(first);
    agents.release(first);
    const second = acquireAs(agents, '2');
    expect(second).not.toBe(first);
    expect([first.pool.closed, second.pool.closed]).toEqual([true, false]);
    expect(agents.count()).toBe(1);
  });

  test('that is given back late does not close the one in its place', async () => {
    const agents = newAgents({ idleMs: 20 });
    const first = acquireAs(agents, '1');
    const second = acquireAs(agents, '2');
    const other = acquire(agents, 8_080);
    agents.release(first);
    agents.release(other);
    await expect.poll(() => other.pool.closed).toBe(true);
    expect(acquireAs(agents, '2')).toBe(second);
    expect(second.pool.closed).toBe(false);
  });
});

test('a connection to an address that is not allowed is not made', async () => {
  const receiver = await startReceiver();
  cleanups.push(() => receiver.close());
  const agents = newAgents({ policy: { allowHttp: true, allow: [] } });
  const agent = acquire(agents, receiver.port);
  await expect(agent.pool.request({ path: '/', method: 'POST' })).rejects.toMatchObject({
    failure: { code: 'address_not_allowed' },
  });
  expect(receiver.connections()).toBe(0);
});
