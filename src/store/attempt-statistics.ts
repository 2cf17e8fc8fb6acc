import type { Queryable } from '../db/database.ts';
import { plainArray } from './array.ts';

/** What a node has counted of one webhook in one bucket. */
export interface NewAttemptStatistics {
  readonly accountId: string;
  readonly webhookId: string;
  /** When the bucket begins, in milliseconds since 1970. */
  readonly bucketAt: number;
  readonly delivered: number;
  readonly failed: number;
  readonly durations: readonly number[];
  readonly lastAttemptAt: string;
}

/** Attempts by what came of them, and how many took how long. */
export interface AttemptCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly durations: readonly number[];
}

/** What was counted in one span of time. */
export interface SpanStatistics extends AttemptCounts {
  /** When it begins. */
  readonly at: Date;
}

/** What was counted of one webhook in one span of time. */
export interface WebhookStatistics extends SpanStatistics {
  readonly webhookId: string;
}

type Row<View> = View & Record<string, unknown>;

/** Adds to what this node has counted before. No webhook may be named twice for one bucket. */
export async function addAttemptStatistics(
  db: Queryable,
  nodeId: string,
  counted: readonly NewAttemptStatistics[],
): Promise<void> {
  await db.query(
    `insert into waybill.attempt_statistics as s
       (account_id, bucket_at, webhook_id, node_id, delivered, failed, durations, last_attempt_at)
     select account_id, to_timestamp(bucket_at / 1000), webhook_id, $1::uuid, delivered, failed,
       string_to_array(durations, ' ')::integer[], last_attempt_at
     from unnest($2::text[], $3::bigint[], $4::uuid[], $5::integer[], $6::integer[], $7::text[], $8::timestamptz[])
       as c (account_id, bucket_at, webhook_id, delivered, failed, durations, last_attempt_at)
     on conflict (account_id, bucket_at, webhook_id, node_id) do update
     set delivered = s.delivered + excluded.delivered,
       failed = s.failed + excluded.failed,
       durations = (
         select array_agg(before + added order by place)
         from unnest(s.durations, excluded.durations) with ordinality as d (before, added, place)
       ),
       last_attempt_at = greatest(s.last_attempt_at, excluded.last_attempt_at)`,
    [
      nodeId,
      counted.map(({ accountId }) => accountId),
      plainArray(counted.map(({ bucketAt }) => bucketAt)),
      plainArray(counted.map(({ webhookId }) => webhookId)),
      plainArray(counted.map(({ delivered }) => delivered)),
      plainArray(counted.map(({ failed }) => failed)),
      counted.map(({ durations }) => durations.join(' ')),
      plainArray(counted.map(({ lastAttemptAt }) => lastAttemptAt)),
    ],
  );
}

const SUMMED = `sum(delivered)::integer as delivered, sum(failed)::integer as failed,
  array[${Array.from({ length: 13 }, (_, place) => `sum(durations[${place + 1}])`).join(', ')}]::integer[] as durations`;

/** What was counted from one time until another, in spans of `stepSeconds`. @param accountId null: of all accounts */
export async function sumAttemptStatistics(
  db: Queryable,
  accountId: string | null,
  {
    from,
    until,
    stepSeconds,
  }: { readonly from: string; readonly until: string; readonly stepSeconds: number },
): Promise<SpanStatistics[]> {
  const { rows } = await db.query<Row<SpanStatistics>>(
    `select date_bin(make_interval(secs => $4::integer), bucket_at, $2::timestamptz) as at, ${SUMMED}
     from waybill.attempt_statistics
     where ($1::text is null or account_id = $1::text) and bucket_at >= $2::timestamptz and bucket_at < $3::timestamptz
     group by 1 order by 1`,
    [accountId, from, until, stepSeconds],
  );
  return rows;
}

/** The same for each webhook of an account apart. */
export async function sumWebhookStatistics(
  db: Queryable,
  accountId: string,
  {
    from,
    until,
    stepSeconds,
  }: { readonly from: string; readonly until: string; readonly stepSeconds: number },
): Promise<WebhookStatistics[]> {
  const { rows } = await db.query<Row<WebhookStatistics>>(
    `select webhook_id as "webhookId", date_bin(make_interval(secs => $4::integer), bucket_at, $2::timestamptz) as at,
       ${SUMMED}
     from waybill.attempt_statistics
     where account_id = $1::text and bucket_at >= $2::timestamptz and bucket_at < $3::timestamptz
     group by 1, 2 order by 1, 2`,
    [accountId, from, until, stepSeconds],
  );
  return rows;
}

/** When the last attempt was for each webhook of an account, as far back as is kept; those without one are missing. */
export async function listLastAttempts(
  db: Queryable,
  accountId: string,
): Promise<{ webhookId: string; lastAttemptAt: Date }[]> {
  const { rows } = await db.query<{ webhookId: string; lastAttemptAt: Date }>(
    `select w.id as "webhookId", last.at as "lastAttemptAt" from waybill.webhooks w
     cross join lateral (
       select s.last_attempt_at as at from waybill.attempt_statistics s
       where s.account_id = w.account_id and s.webhook_id = w.id
       order by s.bucket_at desc, s.last_attempt_at desc limit 1
     ) last
     where w.account_id = $1::text and w.deleted_at is null`,
    [accountId],
  );
  return rows;
}

/** Forgets what is older. */
export async function deleteAttemptStatistics(db: Queryable, before: string): Promise<void> {
  await db.query('delete from waybill.attempt_statistics where bucket_at < $1::timestamptz', [before]);
}
