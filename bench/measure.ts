import { cpus } from 'node:os';
import type { Child } from './child.ts';

/** What one run of a sender took. */
export interface Measurement {
  readonly deliveries: number;
  readonly durationS: number;
  readonly deliveriesPerS: number;
  /** Processor time of the sender's process alone. */
  readonly processorUsPerDelivery: number;
  readonly processorS: number;
  /** Busy processors of the machine on average, all processes together. */
  readonly processorsBusy: number;
}

/** Measures `work`, which makes `child` send this many deliveries and ends when the last one is stored. */
export async function measure(
  child: Child,
  deliveries: number,
  work: () => Promise<void>,
): Promise<Measurement> {
  const processorBeforeUs = await child.ask<number>('processorUs');
  const busyBeforeMs = busyMs();
  const startedAt = performance.now();
  await work();
  const durationS = (performance.now() - startedAt) / 1e3;
  const busyS = (busyMs() - busyBeforeMs) / 1e3;
  const processorUs = (await child.ask<number>('processorUs')) - processorBeforeUs;
  return {
    deliveries,
    durationS,
    deliveriesPerS: deliveries / durationS,
    processorUsPerDelivery: processorUs / deliveries,
    processorS: processorUs / 1e6,
    processorsBusy: busyS / durationS,
  };
}

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
