import type { Params } from '../errors.ts';
import { timeOfId, toWireId } from '../ids.ts';
import type { AttemptRow } from '../store/attempts.ts';
import type { DeliveryRow, DeliveryStatus, StatusReason } from '../store/deliveries.ts';

/** A delivery as the API and the library show it. Times are ISO 8601, UTC. */
export interface DeliveryView {
  id: string;
  webhookId: string;
  eventId: string;
  eventType: string;
  subject: string | null;
  status: DeliveryStatus;
  /** Why it ended without arriving. */
  statusReason: StatusReason | null;
  /** 9 goes first, 0 last, among those of its webhook; null: as its webhook says. */
  priority: number | null;
  attemptCount: number;
  createdAt: string;
  nextAttemptAt: string | null;
  settledAt: string | null;
  lastAttemptAt: string | null;
  lastStatusCode: number | null;
  lastFailureCode: string | null;
  lastFailureReason: string | null;
  /** The values in the reason; null: it holds none. */
  lastFailureParams: Params | null;
  /** How long the last attempt took. */
  lastDurationMs: number | null;
  /** The replay that made it. */
  replayId: string | null;
  /** The batch it went with last, and goes with until it has ended; null: each event goes alone. */
  batchId: string | null;
  /** How many events that batch has, or had. */
  batchItems: number | null;
  /** The delivery that took its place, of a webhook with unique items. */
  supersededBy: string | null;
}

export interface AttemptView {
  id: string;
  /** Counted from 1. */
  number: number;
  startedAt: string;
  durationMs: number;
  url: string;
  outcome: 'delivered' | 'failed';
  failureCode: string | null;
  failureReason: string | null;
  /** The values in the reason; null: it holds none. */
  failureParams: Params | null;
  statusCode: number | null;
  responseHeaders: Record<string, string> | null;
  /** The first 16 KiB, read as UTF-8. */
  responseBody: string | null;
  responseTruncated: boolean;
  /** The batch whose request it was. */
  batchId: string | null;
}

export type DeliveryWithAttempts = DeliveryView & { attempts: AttemptView[] };

export function deliveryView(row: DeliveryRow): DeliveryView {
  return {
    id: toWireId('dlv', row.id),
    webhookId: toWireId('wh', row.webhookId),
    eventId: toWireId('evt', row.eventId),
    eventType: row.eventType,
    subject: row.subject,
    status: row.status,
    statusReason: row.statusReason,
    priority: row.priority,
    attemptCount: row.attempts,
    createdAt: timeOfId(row.id).toISOString(),
    nextAttemptAt: row.dueAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
    lastAttemptAt: row.lastAttemptAt?.toISOString() ?? null,
    lastStatusCode: row.lastStatusCode,
    lastFailureCode: row.lastFailureCode,
    lastFailureReason: row.lastFailureReason,
    lastFailureParams: row.lastFailureParams,
    lastDurationMs: row.lastDurationMs,
    replayId: row.replayId === null ? null : toWireId('rpl', row.replayId),
    batchId: row.batchId === null ? null : toWireId('bat', row.batchId),
    batchItems: row.batchItems,
    supersededBy: row.supersededBy === null ? null : toWireId('dlv', row.supersededBy),
  };
}

export function deliveryWithAttempts(
  row: DeliveryRow,
  attempts: readonly AttemptRow[],
): DeliveryWithAttempts {
  return { ...deliveryView(row), attempts: attempts.map(attemptView) };
}

function attemptView(row: AttemptRow): AttemptView {
  return {
    id: toWireId('att', row.id),
    number: row.number,
    startedAt: row.startedAt.toISOString(),
    durationMs: row.durationMs,
    url: row.url,
    outcome: row.outcome,
    failureCode: row.failureCode,
    failureReason: row.failureReason,
    failureParams: row.failureParams,
    statusCode: row.statusCode,
    responseHeaders: row.responseHeaders,
    responseBody: row.responseBody ? new TextDecoder().decode(row.responseBody) : null,
    responseTruncated: row.responseTruncated,
    batchId: row.batchId === null ? null : toWireId('bat', row.batchId),
  };
}
