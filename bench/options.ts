import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Measured in each run, after the warm-up. */
  readonly deliveries: number;
  readonly warmUp: number;
  readonly webhooks: number;
  readonly runs: number;
  /** Every webhook wants every event, so that one event is as many deliveries. */
  readonly fanout: boolean;
  readonly json: boolean;
  readonly cpuProfileDir: string | undefined;
}

export const USAGE = `npm run bench -- [options]

  --deliveries N      measured deliveries in each run (60000)
  --warm-up N         deliveries before them, which don't count (10000)
  --webhooks N        webhooks they go to (20)
  --runs N            how often yardstick and Waybill take turns; the median ratio is reported (1)
  --fanout            every webhook wants every event
  --json              print one JSON document instead of the table
  --cpu-profile DIR   write V8 CPU profiles of the server into DIR
  --help`;

/** @throws Error that says which option is wrong; undefined if only help was asked for */
export function parseOptions(argv: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      deliveries: { type: 'string', default: '60000' },
      'warm-up': { type: 'string', default: '10000' },
      webhooks: { type: 'string', default: '20' },
      runs: { type: 'string', default: '1' },
      fanout: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'cpu-profile': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    deliveries: parseCount('--deliveries', values.deliveries),
    warmUp: parseCount('--warm-up', values['warm-up']),
    webhooks: parseCount('--webhooks', values.webhooks),
    runs: parseCount('--runs', values.runs),
    fanout: values.fanout,
    json: values.json,
    cpuProfileDir: values['cpu-profile'],
  };
}

function parseCount(name: string, text: string): number {
  const count = Number(text);
  if (/^\d{1,8}$/.test(text) && count > 0) return count;
  throw new Error(`${name} must be a whole number above 0, not "${text}".`);
}
