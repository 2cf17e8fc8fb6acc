import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { WebhookView } from '../../manage/webhook-view.ts';
import type { Waybill } from '../../waybill.ts';
import { playDay } from '../demo/day.ts';
import { DAY_MS, DEMO_DAY } from '../demo/day-plan.ts';
import { startDayReceiver } from '../demo/day-receiver.ts';
import { checkOutcome, EXPECTED_DELIVERIES, type Outcome } from '../demo/outcome.ts';
import { PastClock } from '../demo/past-clock.ts';
import { type Receiver, startReceiver } from '../demo/receiver.ts';
import { ACCOUNT, SAMPLES, WEBHOOKS } from '../demo/scenario.ts';
import { paint, say, showChecks, showReceived, showSummary, showWhereToLook } from '../demo/show.ts';
import { createWebhooks, publishSamples, startWaybill, untilSettled } from '../demo/stage.ts';
import { environmentHelp } from '../environment-help.ts';
import { Failure } from '../failure.ts';
import { listen } from '../listen.ts';
import { aborted, shutdownSignal } from '../shutdown-signal.ts';

const LIMIT_MS = 20_000;

const HELP = `
Starts Waybill in a new temporary directory, and a receiver on this machine that verifies every signature.
Publishes events of five systems to five webhooks, shows each delivery as it happens, and checks that all came
as it should: then the exit status is 0, else 1. Needs nothing, and leaves nothing behind.

Examples:
  $ waybill demo
  $ waybill demo --stay        plays a day of a shop first, and serves the dashboard and the API until Ctrl-C
`;

/** `waybill demo` */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('see it work: publishes real events to five webhooks and shows what becomes of them')
    .option('--stay', 'fill every screen, and go on serving the dashboard and the API until Ctrl-C')
    .addHelpText('after', () => HELP + environmentHelp('WAYBILL_HOST', 'WAYBILL_PORT'))
    .action(({ stay = false }: { stay?: boolean }) => demo(stay));
}

async function demo(stay: boolean): Promise<void> {
  const signal = shutdownSignal();
  const dataDir = await mkdtemp(join(tmpdir(), 'waybill-demo-'));
  const clock = stay ? new PastClock(DAY_MS) : undefined;
  const receiver = await startReceiver(showReceived);
  try {
    say(paint('dim', 'Starting Waybill with its embedded PostgreSQL, in a directory of its own …'));
    const waybill = await startWaybill(dataDir, clock);
    try {
      if (clock) await stayAfterDay(waybill, clock, receiver, signal);
      else await play(waybill, receiver, signal);
    } finally {
      await waybill.stop();
    }
  } finally {
    await receiver.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Plays the last day, then the rest as without `--stay`, and goes on serving. */
async function stayAfterDay(
  waybill: Waybill,
  clock: PastClock,
  receiver: Receiver,
  signal: AbortSignal,
): Promise<void> {
  const key = (await waybill.apiKeys.ensurePlatformKey(undefined)) ?? '';
  const beginsAt = clock.now();
  const dayReceiver = await startDayReceiver(() => clock.now() - beginsAt);
  try {
    say(paint('dim', 'Playing the last 24 hours of a shop, so that there is something to see …'));
    await playDay({ waybill, receiver: dayReceiver, clock, key, signal });
    await play(waybill, receiver, signal, key);
  } finally {
    await dayReceiver.close();
  }
}

/** @param key of the platform; where it is given, serves afterwards */
async function play(waybill: Waybill, receiver: Receiver, signal: AbortSignal, key?: string): Promise<void> {
  const startedAt = Date.now();
  const webhooks = await createWebhooks(waybill, receiver);
  say(`Publishing ${SAMPLES.length} events of five systems to ${WEBHOOKS.length} webhooks. What arrives:`);
  say();
  const published = await publishSamples(waybill);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const deliveries = await untilSettled(waybill, EXPECTED_DELIVERIES, limit);
  if (signal.aborted) throw new Failure('The demo was interrupted.');
  const after = await readAgain(waybill, webhooks);
  const checked = judge({ published, deliveries, received: [...receiver.received], webhooks: after });
  if (checked) say(`All as it should be, in ${((Date.now() - startedAt) / 1000).toFixed(1)} seconds.`);
  if (key !== undefined) await serveUntil(waybill, key, signal);
  if (!checked) throw new Failure('The demo did not go as it should: see above.');
}

async function readAgain(
  waybill: Waybill,
  webhooks: ReadonlyMap<string, WebhookView>,
): Promise<Map<string, WebhookView>> {
  const after = new Map<string, WebhookView>();
  for (const [name, { id }] of webhooks) after.set(name, await waybill.webhooks.get(ACCOUNT, id));
  return after;
}

/** Shows what came of it. Returns whether all came as it should. */
function judge(outcome: Outcome): boolean {
  const checks = checkOutcome(outcome);
  showSummary(outcome);
  showChecks(checks);
  return checks.every(({ faults }) => faults.length === 0);
}

async function serveUntil(waybill: Waybill, key: string, signal: AbortSignal): Promise<void> {
  const server = await listen(waybill);
  const ownerLink = await waybill.people.ownerLink.first(server.url);
  say();
  showWhereToLook({ url: server.url, key, ownerLink, accounts: [DEMO_DAY.account, ACCOUNT] });
  say();
  await aborted(signal);
  await server.close();
}
