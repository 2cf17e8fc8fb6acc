import type { Queryable } from '../db/database.ts';

export interface AttemptRow extends Record<string, unknown> {
  id: string;
  number: number;
  startedAt: Date;
  durationMs: number;
  url: string;
  outcome: 'delivered' | 'failed';
  failureCode: string | null;
  failureReason: string | null;
  failureParams: Record<string, string | number> | null;
  statusCode: number | null;
  responseHeaders: Record<string, string> | null;
  responseBody: Uint8Array | null;
  responseTruncated: boolean;
  /** Whose request it was; null: one of this delivery alone. */
  batchId: string | null;
}

/** An attempt, as far as making its request once more takes it. */
export interface MadeAttemptRow extends Record<string, unknown> {
  id: string;
  number: number;
  startedAt: Date;
  durationMs: number;
  statusCode: number | null;
  batchId: string | null;
  /** 64 bits that tell what was sent, as a number in text; null: nothing was, or nobody wrote it down. */
  requestFingerprint: string | null;
}

export async function findAttempt(
  db: Queryable,
  accountId: string,
  deliveryId: string,
  id: string,
): Promise<MadeAttemptRow | undefined> {
  const { rows } = await db.query<MadeAttemptRow>(
    `select id, number, started_at as "startedAt", duration_ms as "durationMs", status_code as "statusCode",
       batch_id as "batchId", request_fingerprint::text as "requestFingerprint"
     from waybill.attempts
     where account_id = $1::text and delivery_id = $2::uuid and id = $3::uuid`,
    [accountId, deliveryId, id],
  );
  return rows[0];
}

/** One of what went in a request, with all of its event that sending needs. */
export interface CarriedRow extends Record<string, unknown> {
  deliveryId: string;
  number: number;
  eventId: string;
  type: string;
  subject: string | null;
  channel: string | null;
  version: string | null;
  occurredAt: Date;
  data: string;
}

/** All that went in the request of an attempt, in their order: its own delivery, or what of its batch is still there. */
export async function listCarried(
  db: Queryable,
  accountId: string,
  deliveryId: string,
  attempt: Pick<MadeAttemptRow, 'id' | 'batchId' | 'startedAt'>,
): Promise<CarriedRow[]> {
  const [which, values] =
    attempt.batchId === null
      ? ['a.delivery_id = $2::uuid and a.id = $3::uuid', [deliveryId, attempt.id]]
      : [
          'a.batch_id = $2::uuid and a.started_at = $3::timestamptz',
          [attempt.batchId, attempt.startedAt.toISOString()],
        ];
  const { rows } = await db.query<CarriedRow>(
    `select a.delivery_id as "deliveryId", a.number, e.id as "eventId", e.type, e.subject, e.channel, e.version,
       e.occurred_at as "occurredAt", e.data
     from waybill.attempts a
     join waybill.deliveries d on d.account_id = a.account_id and d.id = a.delivery_id
     join waybill.events e on e.account_id = d.account_id and e.id = d.event_id
     where a.account_id = $1::text and ${which}
     order by a.id`,
    [accountId, ...values],
  );
  return rows;
}

/** All attempts of a delivery, the first one first. */
export async function listAttempts(
  db: Queryable,
  accountId: string,
  deliveryId: string,
): Promise<AttemptRow[]> {
  const { rows } = await db.query<AttemptRow>(
    `select id, number, started_at as "startedAt", duration_ms as "durationMs", url, outcome,
       failure_code as "failureCode", failure_reason as "failureReason", failure_params as "failureParams",
       status_code as "statusCode",
       response_headers as "responseHeaders", response_body as "responseBody",
       response_truncated as "responseTruncated", batch_id as "batchId"
     from waybill.attempts
     where account_id = $1::text and delivery_id = $2::uuid
     order by id`,
    [accountId, deliveryId],
  );
  return rows;
}
