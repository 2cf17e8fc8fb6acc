import type { Queryable } from '../db/database.ts';
import { prepared } from '../db/prepared.ts';
import { packTexts, plainArray, unpackTexts } from './array.ts';

/** After how many deliveries given up in a row, and what is done then: `mark` it as failing, `alert`, `disable`. */
export interface FailingRule {
  readonly after: number;
  readonly actions: readonly string[];
}

/** One attempt that has ended, and where it leaves its delivery. */
export interface Settlement {
  readonly attemptId: string;
  readonly accountId: string;
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly lane: number;
  /** The fence under which the node owned the lane when it took the delivery. */
  readonly fence: number;
  readonly number: number;
  /** The delivery's round when it was taken. */
  readonly round: number;
  /** What must keep its order with it; null: nothing. Not written: it was when the delivery was made. */
  readonly orderKey: string | null;
  /** The batch it went with, and how many there were in that; null: it went alone. */
  readonly batchId: string | null;
  readonly batchItems: number | null;
  /** ISO 8601, as all times here. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  readonly url: string;
  /** 64 bits that tell what was sent, as a number in text; null: nothing was. */
  readonly requestFingerprint: string | null;
  readonly outcome: 'delivered' | 'failed';
  readonly failureCode: string | null;
  readonly failureReason: string | null;
  /** The values in the reason; null: it holds none. */
  readonly failureParams: Readonly<Record<string, string | number>> | null;
  readonly statusCode: number | null;
  /** JSON. */
  readonly responseHeaders: string | null;
  readonly responseBody: Uint8Array | null;
  readonly responseTruncated: boolean;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly statusReason: 'exhausted' | 'gone' | null;
  /** When to try again; null unless the status is `pending`. */
  readonly dueAt: string | null;
  /** What this says about the webhook, if anything new. */
  readonly health: 'healthy' | 'failing' | null;
  /** What a delivery that is given up means for its webhook; null if it isn't. */
  readonly failing: FailingRule | null;
  /**
   * Whether this failure is the first since one arrived, or failures have lasted so long that something may follow; null:
   * neither, as far as the sender knows.
   */
  readonly failureRun: 'begun' | 'lasting' | null;
}

// Of a delivery that is no longer pending nothing is decided, but for one another took the place of, which may still have
// arrived; of one sent again since, only that it arrived.
const DECIDES = `(d.status = 'pending' and (d.round = o.round or o.status = 'delivered')
  or d.status = 'superseded' and o.status = 'delivered')`;

// More than commits of our own take, and little enough for the outcomes of everybody to wait.
const LOCK_TIMEOUT = '100ms';

/** What a delivery is once an attempt of it is written. */
export interface Settled extends Record<string, unknown> {
  id: string;
  /** Milliseconds since 1970; null: nothing more is to be sent. */
  nextDueAt: number | null;
}

const SETTLE = prepared(
  'settle',
  `with lax as materialized (
    select set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '${LOCK_TIMEOUT}', true)
  ),
  outcome as (
    select o.*
    from lax, unnest(
        $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::smallint[], $7::integer[], $8::smallint[],
        $9::timestamptz[], $10::timestamptz[], $11::integer[], $12::text[], $13::text[], $14::text[],
        $15::text[], $16::smallint[], ${unpackTexts('$17')}, ${unpackTexts('$18')}, $19::boolean[], $20::text[], $21::text[],
        $22::timestamptz[], $23::text[], $24::smallint[], $27::uuid[], $28::smallint[], $29::bigint[], $30::text[]
      ) with ordinality as o (
        attempt_id, account_id, delivery_id, webhook_id, lane, fence, number, started_at, ended_at,
        duration_ms, url, outcome, failure_code, failure_reason, status_code, response_headers,
        response_body, response_truncated, status, status_reason, due_at, health, round, batch_id, batch_items,
        request_fingerprint, failure_params, ordinal
      )
    join waybill.lanes l on l.lane = o.lane and l.fence = o.fence and l.node_id = $1::uuid
  ),
  attempted as (
    insert into waybill.attempts
      (id, account_id, delivery_id, number, started_at, duration_ms, url, outcome, failure_code,
       failure_reason, status_code, response_headers, response_body, response_truncated, batch_id,
       request_fingerprint, failure_params)
    select attempt_id, account_id, delivery_id, number, started_at, duration_ms, url, outcome, failure_code,
      failure_reason, status_code, response_headers::json, decode(response_body, 'base64'),
      response_truncated, batch_id, request_fingerprint,
      failure_params::json
    from outcome
    on conflict do nothing
  ),
  changed_health as (
    update waybill.webhooks w
    set health = latest.health,
      failing_since = case when latest.health = 'failing' then latest.ended_at end,
      exhausted = case when latest.health = 'healthy' then 0 else w.exhausted end,
      first_failure_at = case when latest.health = 'healthy' then null else w.first_failure_at end,
      failures_warned_at = case when latest.health = 'healthy' then null else w.failures_warned_at end,
      failures_from = case when latest.health = 'healthy' then latest.ended_at else w.failures_from end
    from (
      select distinct on (webhook_id) webhook_id, health, ended_at
      from outcome where health is not null order by webhook_id, ordinal desc
    ) latest
    -- What arrives after a failure is written also where the failure isn't yet.
    where w.id = latest.webhook_id and (latest.health = 'healthy' or w.health <> latest.health)
    returning w.id, w.health, latest.ended_at
  ),
  recovered as (
    update waybill.alerts a
    set resolved_at = c.ended_at
    from changed_health c
    where c.health = 'healthy' and a.webhook_id = c.id and a.resolved_at is null
      and a.kind in ('deliveries_failing', 'webhook_will_be_disabled')
  )
  update waybill.deliveries d
  set attempts = o.number,
    tries = case when d.round = o.round then d.tries + 1 else d.tries end,
    last_attempt_at = o.started_at,
    last_status_code = o.status_code,
    -- One that was sent again by hand since goes as it was told to then.
    batch_id = case when d.round = o.round then o.batch_id else d.batch_id end,
    batch_items = case when d.round = o.round then o.batch_items else d.batch_items end,
    status = case when ${DECIDES} then o.status else d.status end,
    status_reason = case when ${DECIDES} then o.status_reason else d.status_reason end,
    due_at = case when ${DECIDES} then o.due_at else d.due_at end,
    settled_at = case when ${DECIDES} and o.status <> 'pending' then o.ended_at else d.settled_at end
  from outcome o
  where d.account_id = o.account_id and d.id = o.delivery_id and d.attempts < o.number
    and d.id between $25::uuid and $26::uuid
  returning d.id, (extract(epoch from d.due_at) * 1000)::float8 as "nextDueAt"`,
);

/**
 * Writes attempts and the next state of their deliveries, in one statement. Doing it twice changes nothing, so
 * that it can be repeated when a commit gave no answer. A delivery somebody cancelled meanwhile stays cancelled,
 * one somebody sent again by hand is still due, each with the attempt on record. What was attempted under a lease
 * that has passed to another node is not written at all, and missing from what is returned.
 *
 * It waits for nobody for long: a transaction that stays open and has locked one of the deliveries would hold up the outcomes
 * of all others. A time-out costs nothing where nothing is locked, while looking for locks first would lock each row
 * twice. For the same reason rows come in the order of their ids, as in superseding, without the statement sorting them;
 * should there be a circle all the same, this gives way long before PostgreSQL looks for one.
 *
 * @throws the driver's lock time-out
 */
export async function settle(
  db: Queryable,
  nodeId: string,
  batch: readonly Settlement[],
): Promise<Settled[]> {
  const settlements = inLockOrder(batch);
  const column = <K extends keyof Settlement>(key: K): Settlement[K][] => settlements.map((one) => one[key]);
  const ids = column('deliveryId').sort();
  const { rows } = await db.query<Settled>(SETTLE, [
    nodeId,
    plainArray(column('attemptId')),
    column('accountId'),
    plainArray(column('deliveryId')),
    plainArray(column('webhookId')),
    plainArray(column('lane')),
    plainArray(column('fence')),
    plainArray(column('number')),
    plainArray(column('startedAt')),
    plainArray(column('endedAt')),
    plainArray(column('durationMs')),
    column('url'),
    plainArray(column('outcome')),
    plainArray(column('failureCode')),
    column('failureReason'),
    plainArray(column('statusCode')),
    packTexts(column('responseHeaders')),
    packTexts(settlements.map((one) => one.responseBody && Buffer.from(one.responseBody).toString('base64'))),
    plainArray(column('responseTruncated')),
    plainArray(column('status')),
    plainArray(column('statusReason')),
    plainArray(column('dueAt')),
    plainArray(column('health')),
    plainArray(column('round')),
    ids[0],
    ids.at(-1),
    ofBatches(settlements, ({ batchId }) => batchId),
    ofBatches(settlements, ({ batchItems }) => batchItems),
    plainArray(column('requestFingerprint')),
    paramsOf(settlements),
  ]);
  return rows;
}

/** As JSON. Where nothing has failed none needs to travel, as for batches. */
function paramsOf(settlements: readonly Settlement[]): (string | null)[] {
  if (settlements.every(({ failureParams }) => failureParams === null)) return [];
  return settlements.map(({ failureParams }) =>
    failureParams === null ? null : JSON.stringify(failureParams),
  );
}

/** By the ids of the deliveries; but as it happened if any says something new about its webhook, where the last one counts. */
function inLockOrder(batch: readonly Settlement[]): readonly Settlement[] {
  if (batch.some(({ health }) => health !== null)) return batch;
  return batch.toSorted((one, other) => (one.deliveryId < other.deliveryId ? -1 : 1));
}

/**
 * Locks the deliveries of these outcomes until the transaction ends, but for those another transaction has locked: it
 * returns the ids of these. A delivery that is gone is neither.
 */
export async function lockFreeDeliveries(
  tx: Queryable,
  settlements: readonly Settlement[],
): Promise<ReadonlySet<string>> {
  const ids = settlements.map(({ deliveryId }) => deliveryId).sort();
  const { rows } = await tx.query<{ id: string }>(
    `with wanted as (
       select d.account_id, d.id
       from unnest($1::text[], $2::uuid[]) as w (account_id, id)
       join waybill.deliveries d on d.account_id = w.account_id and d.id = w.id
       where d.id between $3::uuid and $4::uuid
     ),
     free as materialized (
       select d.id from waybill.deliveries d
       join wanted w on w.account_id = d.account_id and w.id = d.id
       where d.id between $3::uuid and $4::uuid
       for no key update of d skip locked
     )
     select w.id from wanted w where not exists (select from free where free.id = w.id)`,
    [
      settlements.map(({ accountId }) => accountId),
      plainArray(settlements.map(({ deliveryId }) => deliveryId)),
      ids[0],
      ids.at(-1),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** `unnest` fills up shorter arrays with nulls: where nothing went in a batch none needs to travel. */
function ofBatches(
  settlements: readonly Settlement[],
  read: (settlement: Settlement) => string | number | null,
): string {
  return plainArray(settlements.some(({ batchId }) => batchId !== null) ? settlements.map(read) : []);
}
