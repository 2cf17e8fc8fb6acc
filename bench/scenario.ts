import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { request } from 'undici';
import type { WaybillOptions } from '../src/waybill.ts';
import type { PostgresServer } from '../test/support/postgres-server.ts';
import { checkpoint, createDatabase } from './bench-database.ts';
import { type Child, startChild } from './child.ts';
import { type Measurement, measure } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { eventType } from './order-event.ts';
import type { PublishJob } from './publisher.ts';

export interface ScenarioResult extends Measurement {
  /** Of the whole run with its warm-up, as published, received and settled. They must be the same. */
  readonly published: number;
  readonly received: number;
  readonly settled: number;
}

const ACCOUNT = 'acct_bench';
// Well below what the dispatcher holds in memory for 20 webhooks; more would measure how it reads a backlog.
const MAX_AHEAD = 10_000;
const RELAY_MS = 10;
const SETTLED_POLL_MS = 20;
const STUCK_MS = 30_000;
// A delivery that was sent twice would come in late.
const STRAGGLERS_MS = 500;

/** Measures Waybill as a server: from the first publish over HTTP to the last outcome in the database. */
export async function runScenario(
  postgres: PostgresServer,
  database: string,
  options: BenchOptions,
): Promise<ScenarioResult> {
  const databaseUrl = await createDatabase(postgres, database);
  const children = startChildren(options);
  const client = new pg.Client(databaseUrl);
  try {
    await client.connect();
    const job = await setUp(children, databaseUrl, options);
    const stage = new Stage({ ...children, client, job });
    await stage.run(options.warmUp);
    await checkpoint(postgres);
    const deliveries = stage.deliveriesFor(options.deliveries);
    const measurement = await measure(children.server, deliveries, () => stage.run(deliveries));
    await setTimeout(STRAGGLERS_MS);
    return { ...measurement, ...(await stage.counts()) };
  } finally {
    await client.end();
    await Promise.all(Object.values(children).map((child) => child.end()));
  }
}

interface Children {
  readonly server: Child;
  readonly receiver: Child;
  readonly publisher: Child;
}

function startChildren({ cpuProfileDir }: BenchOptions): Children {
  const flags = cpuProfileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProfileDir}`];
  return {
    server: startChild('./server.ts', flags),
    receiver: startChild('./receiver.ts'),
    publisher: startChild('./publisher.ts'),
  };
}

/** Starts the server and makes the webhooks; returns what the publisher has to know. */
async function setUp(
  { server, receiver }: Children,
  databaseUrl: string,
  options: BenchOptions,
): Promise<JobFrame> {
  const apiKey = randomBytes(24).toString('base64url');
  const serverUrl = await server.ask<string>('start', serverOptions(databaseUrl, apiKey));
  await createWebhooks(serverUrl, apiKey, await receiver.ask('listen'), options);
  return jobOf(serverUrl, apiKey, options);
}

function serverOptions(databaseUrl: string, apiKey: string): WaybillOptions {
  return {
    databaseUrl,
    apiKey,
    encryptionKey: randomBytes(32).toString('base64'),
    allowHttp: true,
    egressAllow: ['127.0.0.0/8'],
    logLevel: 'warn',
    port: 0,
  };
}

async function createWebhooks(
  serverUrl: string,
  apiKey: string,
  receiverUrl: string,
  options: BenchOptions,
): Promise<void> {
  const types = Array.from({ length: options.webhooks }, (_, index) => eventType(index));
  for (const [index, type] of types.entries()) {
    const { statusCode, body } = await request(`${serverUrl}/v1/accounts/${ACCOUNT}/webhooks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `${receiverUrl}/hooks/${index}`, events: options.fanout ? types : [type] }),
    });
    const text = await body.text();
    if (statusCode !== 201) throw new Error(`A webhook could not be made: ${statusCode} ${text}`);
  }
}

type JobFrame = Omit<PublishJob, 'events'>;

function jobOf(serverUrl: string, apiKey: string, options: BenchOptions): JobFrame {
  return {
    serverUrl,
    path: `/v1/accounts/${ACCOUNT}/events`,
    apiKey,
    types: options.webhooks,
    deliveriesPerEvent: options.fanout ? options.webhooks : 1,
    maxAhead: Math.max(MAX_AHEAD, options.fanout ? 400 * options.webhooks : 0),
  };
}

interface StageParts extends Children {
  readonly client: pg.Client;
  readonly job: JobFrame;
}

/** Publishes and waits for the outcomes, once for the warm-up and once for the measurement. */
class Stage {
  readonly #parts: StageParts;
  #published = 0;

  constructor(parts: StageParts) {
    this.#parts = parts;
  }

  /** An event leads to a whole number of deliveries. */
  deliveriesFor(wanted: number): number {
    const { deliveriesPerEvent } = this.#parts.job;
    return Math.ceil(wanted / deliveriesPerEvent) * deliveriesPerEvent;
  }

  async run(wanted: number): Promise<void> {
    const { publisher, job } = this.#parts;
    const deliveries = this.deliveriesFor(wanted);
    const before = this.#published;
    const publishing = publisher.ask<number>('publish', {
      ...job,
      events: deliveries / job.deliveriesPerEvent,
    });
    const ending = new AbortController();
    const receiving = this.#received(before, before + deliveries, ending.signal);
    try {
      // Either of them may fail, and then the other one must not be waited for.
      const [promised] = await Promise.all([publishing, receiving]);
      this.#published += promised;
    } finally {
      ending.abort();
    }
    if (this.#published !== before + deliveries) {
      throw new Error(`The server promised ${this.#published - before} deliveries instead of ${deliveries}.`);
    }
    await progress('settled', this.#published, SETTLED_POLL_MS, () => this.#settled());
  }

  async counts(): Promise<Pick<ScenarioResult, 'published' | 'received' | 'settled'>> {
    const received = await this.#parts.receiver.ask<number>('hits');
    return { published: this.#published, received, settled: await this.#settled() };
  }

  /** Waits for the last delivery, and lets the publisher know all along how far behind the receiver is. */
  async #received(before: number, until: number, signal: AbortSignal): Promise<void> {
    const { receiver, publisher } = this.#parts;
    await progress('received', until, RELAY_MS, async () => {
      signal.throwIfAborted();
      const hits = await receiver.ask<number>('hits');
      await publisher.ask('received', hits - before);
      return hits;
    });
  }

  async #settled(): Promise<number> {
    const { rows } = await this.#parts.client.query<{ count: number }>(
      `select count(*)::integer as count from waybill.deliveries where status = 'delivered'`,
    );
    return rows[0]?.count ?? 0;
  }
}

/** Waits until `count` gives `until`. @throws Error if it gets stuck below */
async function progress(
  what: string,
  until: number,
  pollMs: number,
  count: () => Promise<number>,
): Promise<void> {
  let last = -1;
  let movedAt = performance.now();
  for (let now = await count(); now < until; now = await count()) {
    if (now !== last) movedAt = performance.now();
    last = now;
    if (performance.now() - movedAt > STUCK_MS) throw new Error(`${what}: stuck at ${now} of ${until}`);
    await setTimeout(pollMs);
  }
}
