import type { PostgresServer } from '../test/support/postgres-server.ts';
import type { BareJob } from './bare-loop.ts';
import { checkpoint, createDatabase } from './bench-database.ts';
import { startChild } from './child.ts';
import { type Measurement, measure } from './measure.ts';
import type { BenchOptions } from './options.ts';

/** Measures the bare loop. @throws Error unless the receiver got each delivery once */
export async function runYardstick(
  postgres: PostgresServer,
  database: string,
  options: BenchOptions,
): Promise<Measurement> {
  const receiver = startChild('./receiver.ts');
  const loop = startChild('./bare-loop.ts');
  try {
    const receiverUrl = await receiver.ask<string>('listen');
    const databaseUrl = await createDatabase(postgres, database);
    await loop.ask('prepare', { databaseUrl, receiverUrl } satisfies BareJob);
    await loop.ask('run', options.warmUp);
    await checkpoint(postgres);
    const measurement = await measure(loop, options.deliveries, () => loop.ask('run', options.deliveries));
    const hits = await receiver.ask<number>('hits');
    const sent = options.warmUp + options.deliveries;
    if (hits !== sent) throw new Error(`The bare loop sent ${sent}, but the receiver got ${hits}.`);
    return measurement;
  } finally {
    await Promise.all([loop.end(), receiver.end()]);
  }
}
