import { availableParallelism } from 'node:os';
import type { Measurement } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { ScenarioResult } from './scenario.ts';

export interface Run {
  readonly yardstick: Measurement;
  readonly waybill: ScenarioResult;
  /** Deliveries a second of Waybill to those of the bare loop in the same run. */
  readonly ratio: number;
}

export interface Report {
  readonly node: string;
  readonly processors: number;
  /** Of the last minute before the benchmark began: what else was going on. */
  readonly loadBefore: number;
  readonly options: BenchOptions;
  readonly runs: readonly Run[];
  readonly medianRatio: number;
  /** Whether every delivery was received and settled once, in all runs. */
  readonly exact: boolean;
}

export function reportOn(options: BenchOptions, runs: readonly Run[], loadBefore: number): Report {
  return {
    node: process.version,
    processors: availableParallelism(),
    loadBefore,
    options,
    runs,
    medianRatio: median(runs.map((run) => run.ratio)),
    exact: runs.every(({ waybill }) => isExact(waybill)),
  };
}

export function isExact({ published, received, settled }: ScenarioResult): boolean {
  return received === published && settled === published;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (low + high) / 2;
}

// Whatever else runs takes processors from some of the processes and not from others.
const QUIET_LOAD = 0.5;
const COLUMNS = ['', 'deliveries/s', 'µs CPU/delivery', 'CPU s', 'seconds', 'processors busy', 'ratio'];

/** The report as a small table. */
export function renderReport(report: Report): string {
  const rows = report.runs.flatMap(({ yardstick, waybill, ratio }) => [
    rowOf('bare loop', yardstick, ''),
    rowOf('waybill', waybill, ratio.toFixed(2)),
  ]);
  const widths = COLUMNS.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ');
  return [
    line(COLUMNS),
    ...rows.map(line),
    '',
    ...report.runs.map(({ waybill }) => countsOf(waybill)),
    `median ratio ${report.medianRatio.toFixed(2)} of ${report.runs.length} run(s)`,
    `Node ${report.node}, ${report.processors} processors, load before ${report.loadBefore.toFixed(2)}${report.loadBefore > QUIET_LOAD ? ': NOT QUIET' : ''}`,
  ].join('\n');
}

function rowOf(name: string, measured: Measurement, ratio: string): string[] {
  return [
    name,
    Math.round(measured.deliveriesPerS).toLocaleString('en'),
    measured.processorUsPerDelivery.toFixed(1),
    measured.processorS.toFixed(2),
    measured.durationS.toFixed(2),
    measured.processorsBusy.toFixed(2),
    ratio,
  ];
}

function countsOf(result: ScenarioResult): string {
  const { published, received, settled } = result;
  const verdict = isExact(result) ? 'exact' : 'NOT EXACT';
  return `with warm-up: ${published} published, ${received} received, ${settled} settled: ${verdict}`;
}
