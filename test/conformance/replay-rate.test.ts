import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import type { Database } from '../../src/db/database.ts';
import { ReplayRunner } from '../../src/replay/replay-runner.ts';
import { insertReplay, setReplayStatus } from '../../src/store/replays.ts';
import { DATABASE_KINDS, type DatabaseKind } from '../support/database.ts';
import { openTestDatabase } from '../support/open-database.ts';

const KEY = {
  id: '00000000-0000-7000-8000-000000000002',
  accountId: 'acme',
  webhookId: '00000000-0000-7000-8000-000000000001',
};
const BEGAN = Date.parse('2026-01-01T00:00:00Z');

/** Of one node: `next` comes once the node has nothing left to do but to wait. */
function createNodeClock(time: { now: number }) {
  let scheduled: { readonly at: number; readonly task: () => void } | undefined;
  let tell: () => void = () => undefined;
  const clock: Clock = {
    now: () => time.now,
    schedule(at, task) {
      scheduled = { at, task };
      tell();
      return () => {
        scheduled = undefined;
      };
    },
  };
  const waiting = async () => {
    if (!scheduled) await new Promise<void>((resolve) => (tell = resolve));
    return scheduled as NonNullable<typeof scheduled>;
  };
  const wake = async (): Promise<void> => {
    const { task } = await waiting();
    scheduled = undefined;
    task();
  };
  return { clock, waiting, wake };
}

async function start(kind: DatabaseKind, ratePerSecond: number, nodes = 1) {
  const database = await openTestDatabase(kind, 4);
  await fill(database, ratePerSecond);
  const time = { now: BEGAN };
  const running = Array.from({ length: nodes }, () => {
    const { clock, waiting, wake } = createNodeClock(time);
    const log = pino({ level: 'silent' });
    const runner = new ReplayRunner({ database, clock, log, due: () => Promise.resolve() });
    runner.start();
    return { runner, waiting, wake };
  });
  onTestFinished(async () => {
    await Promise.all(running.map(({ runner }) => runner.stop()));
  });
  // The first look is a second away; as nothing has been moved yet, it may be taken at once.
  for (const { wake, waiting } of running) {
    await wake();
    await waiting();
  }
  const made = async (): Promise<number> => {
    const { rows } = await database.query<{ made: number }>('select made from waybill.replays');
    return rows[0]?.made ?? 0;
  };
  /** Lets the nodes look whenever they want to, and returns how many were made in all after each look. */
  const letPass = async (ms: number) => {
    const until = time.now + ms;
    const seen: { readonly at: number; readonly made: number }[] = [];
    for (;;) {
      const all = await Promise.all(running.map(async (node) => ({ node, at: (await node.waiting()).at })));
      const at = Math.min(...all.map((one) => one.at));
      if (at > until) break;
      time.now = Math.max(time.now, at);
      await Promise.all(all.filter((one) => one.at === at).map(({ node }) => node.wake()));
      await Promise.all(running.map(({ waiting }) => waiting()));
      seen.push({ at: time.now, made: await made() });
    }
    time.now = until;
    return seen;
  };
  return { database, time, made, letPass };
}

async function fill(database: Database, ratePerSecond: number): Promise<void> {
  await database.query(`insert into waybill.accounts (id) values ('acme')`);
  await database.query(
    `insert into waybill.webhooks (id, account_id, name, url, events, lane, profile, timeout_ms)
     values ($1::uuid, 'acme', 'w', 'https://x.example/', '{*}', 0, 'github', 1000)`,
    [KEY.webhookId],
  );
  await database.query(
    `insert into waybill.events (id, account_id, type, occurred_at, received_at, data)
     select waybill.uuid_at('2025-01-01'::timestamptz + n * interval '1 ms'), 'acme', 'order.created', now(), now(), '1'
     from generate_series(1, 3000) n`,
  );
  const all = { from: '2020-01-01T00:00:00Z', until: '2030-01-01T00:00:00Z', types: [] };
  const filter = { ...all, channel: null, subject: null, lastStatus: null };
  const now = new Date(BEGAN).toISOString();
  await insertReplay(database, KEY, filter, { ratePerSecond, total: 3000, missedOf: null, now });
}

describe.each(DATABASE_KINDS)('the rate of a replay on %s', (kind) => {
  it.each([
    [1.9, 20_000],
    [600, 4_000],
  ])('of %d a second is reached, and exceeded at no time', async (rate, ms) => {
    const { letPass } = await start(kind, rate);
    const seen = await letPass(ms);
    for (const { at, made } of seen) {
      expect(made, `after ${at - BEGAN} ms`).toBeLessThanOrEqual(1 + (rate * (at - BEGAN)) / 1000);
    }
    expect(seen.at(-1)?.made).toBeGreaterThan((rate * ms * 0.97) / 1000 - 1);
  });
});

it('several nodes reach the rate together, and exceed it at no time', async () => {
  const { letPass } = await start('postgres', 100, 2);
  const seen = await letPass(5_000);
  for (const { at, made } of seen) expect(made).toBeLessThanOrEqual(1 + (at - BEGAN) / 10);
  expect(seen.at(-1)?.made).toBeGreaterThan(480);
});

it('a replay that no node has run for long, or that was paused, saves nothing up', async () => {
  const { database, time, made, letPass } = await start('postgres', 10);
  await letPass(2_000);
  const before = await made();
  time.now += 600_000;
  await letPass(1_000);
  expect((await made()) - before).toBeLessThanOrEqual(16);
  expect((await made()) - before).toBeGreaterThanOrEqual(10);

  const set = (from: 'running' | 'paused', to: 'running' | 'paused') =>
    setReplayStatus(database, KEY.accountId, KEY.id, [from], to, new Date(time.now).toISOString());
  await set('running', 'paused');
  const paused = await made();
  await letPass(60_000);
  expect(await made()).toBe(paused);
  // Whoever pauses and resumes all the time gets no more either.
  for (let n = 0; n < 20; n += 1) {
    await set(n % 2 === 0 ? 'paused' : 'running', n % 2 === 0 ? 'running' : 'paused');
    await letPass(50);
  }
  await set('paused', 'running');
  await letPass(1_000);
  expect((await made()) - paused).toBeLessThanOrEqual(21);
  expect((await made()) - paused).toBeGreaterThanOrEqual(10);
});
