import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { WaybillError } from '../errors.ts';
import { toWireId } from '../ids.ts';
import { parseInput, timeSchema } from '../input.ts';
import { BUCKET_MS } from '../observe/attempt-tally.ts';
import { addDurations, noDurations, quantileOf } from '../observe/durations.ts';
import { listNextDue, readAccountBacklog } from '../store/account-backlog.ts';
import {
  type AttemptCounts,
  listLastAttempts,
  sumAttemptStatistics,
  sumWebhookStatistics,
  type WebhookStatistics,
} from '../store/attempt-statistics.ts';
import { countEvents } from '../store/events.ts';

/** What happened in one span of time. */
export interface SpanView {
  /** When it begins. */
  at: string;
  events: number;
  /** Attempts by what came of them. */
  delivered: number;
  failed: number;
  /** How long attempts took, to within a bound; null: there were none. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** Whether it was longer than that: durations are told apart up to 30 seconds. */
  p50IsOver: boolean;
  p95IsOver: boolean;
}

export interface StatisticsView {
  from: string;
  to: string;
  stepSeconds: number;
  spans: SpanView[];
  total: Omit<SpanView, 'at'>;
  queue: {
    /** Deliveries that wait; at 100,000 it stops counting. */
    pending: number;
    /** Of these, those that wait for a webhook which is paused or disabled: nothing sends them. */
    held: number;
    /** How long the one that is due longest has been, the held ones apart; null: nothing is due. */
    oldestDueSeconds: number | null;
  };
}

/** How a webhook fared, an hour a span. */
export interface WebhookStatisticsView {
  webhookId: string;
  delivered: number;
  failed: number;
  /** Within the last 35 days; null: there was none. */
  lastAttemptAt: string | null;
  /** When the next of what waits is due, or has been; null: nothing waits. */
  nextDueAt: string | null;
  hours: { at: string; delivered: number; failed: number }[];
}

export const statisticsQuerySchema = z.strictObject({
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  stepSeconds: z.coerce.number().int().min(300).max(86_400).optional(),
});
export type StatisticsQuery = z.input<typeof statisticsQuerySchema>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_SPANS = 300;
const MAX_PENDING = 100_000;
const DEFAULT_SPANS = 48;
// What has a year of four digits, as PostgreSQL and ISO 8601 write it.
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59Z');

interface Span {
  readonly from: string;
  readonly until: string;
  readonly stepSeconds: number;
}

/** What charts show. The counts come from memory every two seconds; see `StatisticsWriter`. */
export class Statistics {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Events and attempts of an account, in spans; without a time those of the last 24 hours. Spans are whole multiples of five
   * minutes, from one to the next.
   *
   * @throws WaybillError `validation_failed`, `too_many_spans`
   */
  async account(accountId: string, input: StatisticsQuery = {}): Promise<StatisticsView> {
    const span = this.#span(input);
    const [attempts, events, queue] = await Promise.all([
      sumAttemptStatistics(this.#database, accountId, span),
      countEvents(this.#database, accountId, span),
      readAccountBacklog(this.#database, accountId, MAX_PENDING),
    ]);
    const attemptsAt = new Map(attempts.map((row) => [row.at.getTime(), row]));
    const { oldestDueAt, pending, held } = queue;
    const dueMs = oldestDueAt === null ? 0 : this.#clock.now() - oldestDueAt.getTime();
    return {
      from: span.from,
      to: span.until,
      stepSeconds: span.stepSeconds,
      spans: events.map((row) => ({
        at: row.at.toISOString(),
        ...counted(row.events, attemptsAt.get(row.at.getTime())),
      })),
      total: counted(
        events.reduce((sum, row) => sum + row.events, 0),
        sumOf(attempts),
      ),
      queue: { pending, held, oldestDueSeconds: dueMs > 0 ? Math.floor(dueMs / 1000) : null },
    };
  }

  /** Each webhook of an account that had attempts in the 35 days they are kept for, or for which something waits. */
  async webhooks(accountId: string): Promise<WebhookStatisticsView[]> {
    const until = ceil(this.#clock.now(), HOUR_MS);
    const span = { from: isoOf(until - DAY_MS), until: isoOf(until), stepSeconds: HOUR_MS / 1000 };
    const [rows, attempted, waiting] = await Promise.all([
      sumWebhookStatistics(this.#database, accountId, span),
      listLastAttempts(this.#database, accountId),
      listNextDue(this.#database, accountId),
    ]);
    const hoursOf = Map.groupBy(rows, ({ webhookId }) => webhookId);
    const nextDueOf = new Map(waiting.map(({ webhookId, dueAt }) => [webhookId, dueAt.toISOString()]));
    const lastOf = new Map(
      attempted.map(({ webhookId, lastAttemptAt }) => [webhookId, lastAttemptAt.toISOString()]),
    );
    return [...new Set([...lastOf.keys(), ...hoursOf.keys(), ...nextDueOf.keys()])].map((id) => ({
      ...webhookView(id, hoursOf.get(id) ?? [], until - DAY_MS),
      lastAttemptAt: lastOf.get(id) ?? null,
      nextDueAt: nextDueOf.get(id) ?? null,
    }));
  }

  #span(input: StatisticsQuery): Span {
    const query = parseInput(statisticsQuerySchema, input);
    const wantedUntil = query.to === undefined ? this.#clock.now() : Date.parse(query.to);
    const wantedFrom = query.from === undefined ? wantedUntil - DAY_MS : Date.parse(query.from);
    const stepMs = ceil(
      (query.stepSeconds ?? (wantedUntil - wantedFrom) / 1000 / DEFAULT_SPANS) * 1000,
      BUCKET_MS,
    );
    const until = ceil(wantedUntil, stepMs);
    // Without a time: a whole day back from the end, so that as many spans are shown whenever it is asked.
    const from =
      query.from === undefined ? until - ceil(DAY_MS, stepMs) : Math.floor(wantedFrom / stepMs) * stepMs;
    if (from < EARLIEST_MS || until > LATEST_MS || from >= until || (until - from) / stepMs > MAX_SPANS) {
      throw new WaybillError(
        'too_many_spans',
        400,
        `from, to and stepSeconds: must make 1 to ${MAX_SPANS} spans; take a longer step or a shorter time.`,
        { params: { most: MAX_SPANS } },
      );
    }
    return { from: isoOf(from), until: isoOf(until), stepSeconds: stepMs / 1000 };
  }
}

function counted(events: number, row: AttemptCounts | undefined): Omit<SpanView, 'at'> {
  const { delivered = 0, failed = 0, durations = noDurations() } = row ?? {};
  const [p50, p95] = [quantileOf(durations, 0.5), quantileOf(durations, 0.95)];
  return {
    events,
    delivered,
    failed,
    p50Ms: p50?.ms ?? null,
    p95Ms: p95?.ms ?? null,
    p50IsOver: p50?.isOver ?? false,
    p95IsOver: p95?.isOver ?? false,
  };
}

function sumOf(rows: readonly AttemptCounts[]): AttemptCounts {
  return rows.reduce<AttemptCounts>(
    (sum, row) => ({
      delivered: sum.delivered + row.delivered,
      failed: sum.failed + row.failed,
      durations: addDurations(sum.durations, row.durations),
    }),
    { delivered: 0, failed: 0, durations: noDurations() },
  );
}

function webhookView(
  id: string,
  rows: readonly WebhookStatistics[],
  fromMs: number,
): Omit<WebhookStatisticsView, 'lastAttemptAt' | 'nextDueAt'> {
  const at = new Map(rows.map((row) => [row.at.getTime(), row]));
  const { delivered, failed } = sumOf(rows);
  return {
    webhookId: toWireId('wh', id),
    delivered,
    failed,
    hours: Array.from({ length: DAY_MS / HOUR_MS }, (_, hour) => {
      const row = at.get(fromMs + hour * HOUR_MS);
      return {
        at: isoOf(fromMs + hour * HOUR_MS),
        delivered: row?.delivered ?? 0,
        failed: row?.failed ?? 0,
      };
    }),
  };
}

function ceil(value: number, step: number): number {
  return Math.max(1, Math.ceil(value / step)) * step;
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
