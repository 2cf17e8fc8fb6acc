import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { request } from 'undici';
import { startPostgresServer } from '../test/support/postgres-server.ts';
import { createDatabase } from './bench-database.ts';
import { type Child, killChildren, startChild } from './child.ts';

// How fast deliveries of one subject go, one after the other, with few and with many waiting behind them. What waits should
// cost those before it nothing, so that the ratio should be near 1.

const FEW = 500;
const MANY = 20_000;
const COUNTED = 300;
const EVENTS_PER_REQUEST = 500;
const STUCK_MS = 120_000;
const POLL_MS = 2;

type Call = (path: string, body: unknown) => Promise<{ readonly id?: string }>;

async function startAccount(server: Child, databaseUrl: string): Promise<Call> {
  const apiKey = randomBytes(24).toString('base64url');
  const encryptionKey = randomBytes(32).toString('base64');
  const egress = { allowHttp: true, egressAllow: ['127.0.0.0/8'] };
  const options = { databaseUrl, apiKey, encryptionKey, ...egress, logLevel: 'warn', port: 0 };
  const url = `${await server.ask<string>('start', options)}/v1/accounts/acct_bench`;
  return async (path, body) => {
    const { statusCode, body: answer } = await request(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${path}: ${statusCode} ${text}`);
    return JSON.parse(text);
  };
}

/** Makes a webhook that keeps its order, and has so many deliveries about one subject wait for it. */
async function fill(call: Call, url: string, backlog: number): Promise<string> {
  const { id } = await call('/webhooks', { url, events: ['*'], ordering: 'subject', status: 'paused' });
  const event = { type: 'order.changed', subject: 'order/1' };
  const events = Array.from({ length: EVENTS_PER_REQUEST }, (_, index) => ({ ...event, data: { index } }));
  for (let sent = 0; sent < backlog; sent += events.length) await call('/events', { events });
  return id as string;
}

/** Deliveries a second, from the first one to arrive on. */
async function rate(receiver: Child): Promise<number> {
  const stuckAt = performance.now() + STUCK_MS;
  const reached = async (count: number): Promise<number> => {
    for (;;) {
      const hits = await receiver.ask<number>('hits');
      if (hits >= count) return hits;
      if (performance.now() > stuckAt) throw new Error(`stuck at ${hits} of ${count}`);
      await setTimeout(POLL_MS);
    }
  };
  const before = await reached(1);
  const startedAt = performance.now();
  const counted = (await reached(before + COUNTED)) - before;
  return (counted * 1000) / (performance.now() - startedAt);
}

async function drain(databaseUrl: string, backlog: number): Promise<number> {
  const [server, receiver] = [startChild('./server.ts'), startChild('./receiver.ts')];
  try {
    const call = await startAccount(server, databaseUrl);
    const webhook = await fill(call, await receiver.ask<string>('listen'), backlog);
    await call(`/webhooks/${webhook}/resume`, {});
    return await rate(receiver);
  } finally {
    await Promise.all([server.end(), receiver.end()]);
  }
}

process.on('exit', killChildren);
const postgres = await startPostgresServer();
try {
  const few = await drain(await createDatabase(postgres, 'few'), FEW);
  const many = await drain(await createDatabase(postgres, 'many'), MANY);
  console.log(`one subject, ${FEW} waiting: ${few.toFixed(0)} deliveries/s`);
  console.log(`one subject, ${MANY} waiting: ${many.toFixed(0)} deliveries/s`);
  console.log(`ratio ${(many / few).toFixed(2)}`);
} finally {
  await postgres.stop();
}
