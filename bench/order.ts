import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { request } from 'undici';
import { startPostgresServer } from '../test/support/postgres-server.ts';
import { createDatabase } from './bench-database.ts';
import { killChildren, startChild } from './child.ts';

// How fast deliveries of one subject go, one after the other, with few and with many waiting behind them. What waits must
// cost those before it nothing, so that the ratio is to be near 1.

const FEW = 500;
const MANY = 20_000;
const COUNTED = 300;
const EVENTS_PER_REQUEST = 500;
const STUCK_MS = 120_000;
const POLL_MS = 2;

async function drain(databaseUrl: string, backlog: number): Promise<number> {
  const server = startChild('./server.ts');
  const receiver = startChild('./receiver.ts');
  try {
    const apiKey = randomBytes(24).toString('base64url');
    const encryptionKey = randomBytes(32).toString('base64');
    const egress = { allowHttp: true, egressAllow: ['127.0.0.0/8'] };
    const options = { databaseUrl, apiKey, encryptionKey, ...egress, logLevel: 'warn', port: 0 };
    const account = `${await server.ask<string>('start', options)}/v1/accounts/acct_bench`;
    const call = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
      const { statusCode, body: answer } = await request(account + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      if (statusCode >= 300) throw new Error(`${path}: ${statusCode} ${text}`);
      return JSON.parse(text) as Record<string, unknown>;
    };
    const url = await receiver.ask<string>('listen');
    const webhook = await call('/webhooks', { url, events: ['*'], ordering: 'subject', status: 'paused' });
    const events = Array.from({ length: EVENTS_PER_REQUEST }, (_, index) => ({
      type: 'order.changed',
      subject: 'order/1',
      data: { index },
    }));
    for (let sent = 0; sent < backlog; sent += events.length) await call('/events', { events });
    await call(`/webhooks/${webhook.id}/resume`, {});
    const hits = (): Promise<number> => receiver.ask<number>('hits');
    const stuckAt = performance.now() + STUCK_MS;
    while ((await hits()) === 0) await setTimeout(POLL_MS);
    const startedAt = performance.now();
    let counted = 0;
    while (counted < COUNTED && performance.now() < stuckAt) {
      await setTimeout(POLL_MS);
      counted = await hits();
    }
    return (counted * 1000) / (performance.now() - startedAt);
  } finally {
    await Promise.all([server.end(), receiver.end()]);
  }
}

process.on('exit', killChildren);
const postgres = await startPostgresServer();
try {
  const few = await drain(await createDatabase(postgres, 'few'), FEW);
  const many = await drain(await createDatabase(postgres, 'many'), MANY);
  console.log(`one subject, ${FEW} waiting:    ${few.toFixed(0)} deliveries/s`);
  console.log(`one subject, ${MANY} waiting:  ${many.toFixed(0)} deliveries/s`);
  console.log(`ratio ${(many / few).toFixed(2)}`);
} finally {
  await postgres.stop();
}
