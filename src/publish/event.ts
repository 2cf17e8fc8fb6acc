import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Limits } from '../config.ts';
import { type FieldError, invalid, WaybillError } from '../errors.ts';
import { EVENT_TYPE, MAX_EVENT_TYPE_LENGTH } from '../event-pattern.ts';
import { fieldErrors, timeSchema } from '../input.ts';

/** What a platform publishes. */
export interface EventInput {
  /** Such as `order.created`: words of letters, digits, `_` and `-`, joined by dots. */
  type: string;
  /** Any JSON value. */
  data: unknown;
  /** What it is about, such as `order/12345`. */
  subject?: string | null;
  /** Where in the account it comes from: an order channel, a shop. */
  channel?: string | null;
  /** When it happened: RFC 3339 with a zone, or a Date. Default: now. */
  occurredAt?: string | Date | null;
  /** Of the payload, such as `2024.1`. */
  version?: string | null;
  /** Publishing again under the same key gives the first answer and sends nothing. */
  idempotencyKey?: string | null;
}

/** An event that has been checked and can be stored as it is. */
export interface CheckedEvent {
  readonly type: string;
  /** JSON, as it was written. */
  readonly data: string;
  readonly subject: string | null;
  readonly channel: string | null;
  /** ISO 8601, UTC; null: when it is received. */
  readonly occurredAt: string | null;
  readonly version: string | null;
  readonly idempotencyKey: string | null;
  /** Where it stood in the request, for errors: empty, or `events[3]`. */
  readonly path: string;
}

/** Text PostgreSQL can hold and a receiver can read: well-formed Unicode without control characters. */
const text = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((value) => value.isWellFormed(), {
      message: 'contains a lone surrogate, which is not valid Unicode',
      params: { rule: 'lone_surrogate' },
    })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    .refine((value) => !/[\u0000-\u001f\u007f]/.test(value), {
      message: 'contains a control character',
      params: { rule: 'control_character' },
    });

export const idempotencyKeySchema = text(255);

/** The name of a channel: one that an event can have, wherever it is named. */
export const channelSchema = text(128);

/** The fields of an event beside its `data`, whose bytes are kept and never become a value. */
export const eventFields = {
  type: z
    .string()
    .min(1)
    .max(MAX_EVENT_TYPE_LENGTH)
    .regex(EVENT_TYPE, 'must be words of letters, digits, "_" and "-" joined by dots, such as order.created'),
  subject: text(256).nullish(),
  channel: channelSchema.nullish(),
  occurredAt: timeSchema.nullish(),
  version: text(64).nullish(),
  idempotencyKey: idempotencyKeySchema.nullish(),
};

const eventSchema = z.strictObject({
  ...eventFields,
  data: z.unknown().refine((value) => value !== undefined, 'is missing'),
});

/**
 * Checks one event.
 *
 * @param value the event, as parsed from JSON
 * @param data its `data`, as JSON text
 * @param path where it stood in the request, for errors
 * @throws WaybillError `payload_too_large` (413)
 */
export function checkEvent(
  value: unknown,
  data: string | undefined,
  path: string,
  limits: Limits,
): CheckedEvent | FieldError[] {
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) return fieldErrors(parsed.error, path);
  if (data === undefined) return [{ path: join(path, 'data'), code: 'required', message: 'is missing' }];
  const event = parsed.data;
  // Escapes are rare, and only they can hold what isn't text.
  if (data.includes('\\u') && holdsBadText(event.data)) {
    const message = 'contains a NUL character or a lone surrogate, which many receivers cannot read';
    return [{ path: join(path, 'data'), code: 'invalid', message }];
  }
  // A UTF-16 unit is at most 3 bytes, so that most data needn't be counted.
  if (data.length * 3 > limits.maxPayloadBytes && Buffer.byteLength(data) > limits.maxPayloadBytes) {
    const where = join(path, 'data');
    throw new WaybillError(
      'payload_too_large',
      413,
      `${where}: is larger than ${limits.maxPayloadBytes} bytes. Send less, or a link to it.`,
      {
        errors: [
          { path: where, code: 'too_large', message: `is larger than ${limits.maxPayloadBytes} bytes` },
        ],
      },
    );
  }
  return {
    type: event.type,
    data,
    subject: event.subject ?? null,
    channel: event.channel ?? null,
    occurredAt: event.occurredAt ? new Date(event.occurredAt).toISOString() : null,
    version: event.version ?? null,
    idempotencyKey: event.idempotencyKey ?? null,
    path,
  };
}

function holdsBadText(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, item]) => holdsBadText(name) || holdsBadText(item));
}

/**
 * Checks events given as values of this program, as the library's callers do.
 *
 * @throws WaybillError `validation_failed`, `payload_too_large`, `batch_too_large`
 */
export function checkEventInputs(inputs: readonly EventInput[], limits: Limits): CheckedEvent[] {
  checkBatchSize(inputs.length, limits);
  const single = inputs.length === 1;
  return collectChecked(inputs, (input, index) =>
    checkInput(input, single ? '' : `events[${index}]`, limits),
  );
}

/**
 * Checks one event that is a part of something larger.
 *
 * @param path where it stands there, for errors
 * @throws WaybillError `validation_failed`, `payload_too_large`
 */
export function checkEventInput(input: EventInput, path: string, limits: Limits): CheckedEvent {
  const checked = checkInput(input, path, limits);
  if (Array.isArray(checked)) throw invalid(checked);
  return checked;
}

function checkInput(input: EventInput, path: string, limits: Limits): CheckedEvent | FieldError[] {
  if (typeof input !== 'object' || input === null) {
    return [{ path, code: 'wrong_type', message: 'must be an object' }];
  }
  const occurredAt = input.occurredAt instanceof Date ? isoOf(input.occurredAt) : input.occurredAt;
  return checkEvent({ ...input, occurredAt }, stringify(input.data, join(path, 'data')), path, limits);
}

function isoOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString();
}

/** Collects what all of them break, so that a caller mends a batch in one go. */
export function collectChecked<T>(
  items: readonly T[],
  check: (item: T, index: number) => CheckedEvent | FieldError[],
): CheckedEvent[] {
  const events: CheckedEvent[] = [];
  const errors: FieldError[] = [];
  items.forEach((item, index) => {
    const checked = check(item, index);
    if (!Array.isArray(checked)) events.push(checked);
    // One by one: a hostile event has more errors than a call can have arguments.
    else for (const error of checked) errors.push(error);
  });
  if (errors.length > 0) throw invalid(errors);
  return events;
}

/** @throws WaybillError `batch_too_large` (413), `validation_failed` for none at all */
export function checkBatchSize(count: number, limits: Limits): void {
  if (count > limits.maxEventsPerBatch) {
    throw new WaybillError(
      'batch_too_large',
      413,
      `events: holds ${count} events; at most ${limits.maxEventsPerBatch} can be published at once.`,
    );
  }
  if (count === 0)
    throw invalid([{ path: 'events', code: 'too_small', message: 'must hold at least one event' }]);
}

function stringify(data: unknown, path: string): string | undefined {
  try {
    return JSON.stringify(data);
  } catch (cause) {
    throw new WaybillError('validation_failed', 400, `${path}: cannot be written as JSON.`, { cause });
  }
}

/** What makes two publishes under one idempotency key the same: everything but the key. */
export function hashEvents(events: readonly CheckedEvent[]): string {
  const hash = createHash('sha256');
  for (const event of events) {
    const head = [event.type, event.subject, event.channel, event.occurredAt, event.version];
    // Length first, so that no two lists of events can give the same bytes.
    hash.update(`${JSON.stringify(head)}${event.data.length}:${event.data}`);
  }
  return hash.digest('hex');
}

function join(path: string, field: string): string {
  return path ? `${path}.${field}` : field;
}

/** Whether several are given; `Array.isArray` doesn't know lists that may not be changed. */
export function isList(input: EventInput | readonly EventInput[]): input is readonly EventInput[] {
  return Array.isArray(input);
}
