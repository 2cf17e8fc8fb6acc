import { loadavg } from 'node:os';
import { startPostgresServer } from '../test/support/postgres-server.ts';
import { killChildren } from './child.ts';
import { type BenchOptions, parseOptions, USAGE } from './options.ts';
import { type Report, type Run, renderReport, reportOn } from './report.ts';
import { runScenario } from './scenario.ts';
import { runYardstick } from './yardstick.ts';

// A run at the pace below is broken, not slow.
const START_LIMIT_MS = 60_000;
const LIMIT_MS_PER_DELIVERY = 2;

async function main(options: BenchOptions): Promise<Report> {
  const [loadBefore = 0] = loadavg();
  const postgres = await startPostgresServer();
  try {
    const runs: Run[] = [];
    for (let number = 1; number <= options.runs; number += 1) {
      const yardstick = await runYardstick(postgres, `bare_${number}`, options);
      const waybill = await runScenario(postgres, `waybill_${number}`, options);
      runs.push({ yardstick, waybill, ratio: waybill.deliveriesPerS / yardstick.deliveriesPerS });
    }
    return reportOn(options, runs, loadBefore);
  } finally {
    await postgres.stop();
  }
}

function readOptions(): BenchOptions {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options) return options;
    console.log(USAGE);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** Ends this process; the exit takes PostgreSQL along. */
function giveUp(reason: string): void {
  console.error(reason);
  process.exit(1);
}

const options = readOptions();
process.on('exit', killChildren);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => giveUp(`ended by ${signal}`));
const limitMs = START_LIMIT_MS + options.runs * (options.warmUp + options.deliveries) * LIMIT_MS_PER_DELIVERY;
setTimeout(() => giveUp(`not done after ${Math.round(limitMs / 1000)} s`), limitMs).unref();
try {
  const report = await main(options);
  console.log(options.json ? JSON.stringify(report, undefined, 2) : renderReport(report));
  process.exitCode = report.exact ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
