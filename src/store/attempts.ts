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
  statusCode: number | null;
  responseHeaders: Record<string, string> | null;
  responseBody: Uint8Array | null;
  responseTruncated: boolean;
  /** Whose request it was; null: one of this delivery alone. */
  batchId: string | null;
}

/** All attempts of a delivery, the first one first. */
export async function listAttempts(
  db: Queryable,
  accountId: string,
  deliveryId: string,
): Promise<AttemptRow[]> {
  const { rows } = await db.query<AttemptRow>(
    `select id, number, started_at as "startedAt", duration_ms as "durationMs", url, outcome,
       failure_code as "failureCode", failure_reason as "failureReason", status_code as "statusCode",
       response_headers as "responseHeaders", response_body as "responseBody",
       response_truncated as "responseTruncated", batch_id as "batchId"
     from waybill.attempts
     where account_id = $1::text and delivery_id = $2::uuid
     order by id`,
    [accountId, deliveryId],
  );
  return rows;
}
