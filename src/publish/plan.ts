import { conflict } from '../errors.ts';
import { newId, toWireId } from '../ids.ts';
import type { NewDelivery, NewEvent, NewIdempotencyKey } from '../store/enqueue.ts';
import type { IdempotencyKeyRow } from '../store/idempotency-keys.ts';
import { type CheckedEvent, hashEvents } from './event.ts';
import { type EventWarning, rejected } from './judge.ts';
import type { Judgements } from './judge-request.ts';
import type { Matcher, Subscription } from './match.ts';

/** What one caller wants published: all of it or nothing. */
export interface PublishRequest {
  readonly accountId: string;
  readonly events: readonly CheckedEvent[];
  /** Covers the request as a whole, beside the keys its events may have. */
  readonly idempotencyKey: string | null;
}

/** The answer for one event: its UUID, and how many webhooks get it. */
export interface Published {
  readonly id: string;
  readonly deliveries: number;
  /** What it breaks of its schema, where that is only warned of. */
  readonly warnings?: readonly EventWarning[];
}

/** The same with the id that is shown: `evt_…`. */
export function publishedView({ id, ...rest }: Published): Published {
  return { id: toWireId('evt', id), ...rest };
}

/** A delivery that is about to be stored, with what a dispatcher needs to send it without reading it back. */
export interface PlannedDelivery extends NewDelivery {
  readonly lane: number;
  readonly event: NewEvent;
}

/** What a request comes to, given the idempotency keys that have been used. */
export interface Plan {
  readonly answers: readonly Published[];
  readonly events: readonly NewEvent[];
  readonly deliveries: readonly PlannedDelivery[];
  readonly idempotencyKeys: readonly NewIdempotencyKey[];
}

export type UsedKeys = ReadonlyMap<string, IdempotencyKeyRow>;

/** One text for an account's key, to look it up in a map. Account ids hold no space. */
export function keyName(accountId: string, key: string): string {
  return `${accountId} ${key}`;
}

/** All idempotency keys of a request. */
export function keysOf(request: PublishRequest): string[] {
  const keys = request.events.flatMap((event) => event.idempotencyKey ?? []);
  return request.idempotencyKey === null ? keys : [request.idempotencyKey, ...keys];
}

/**
 * Works out what to store for a request and what to answer.
 *
 * @param judgements of those events that break something
 * @throws WaybillError `idempotency_conflict` (409) for a key that was used for something else,
 *   `invalid_event_data` and `unknown_event_type` (400) for events the account's policies refuse
 */
export function planPublish(
  request: PublishRequest,
  used: UsedKeys,
  matcher: Matcher,
  receivedAt: string,
  judgements: Judgements,
): Plan {
  const earlier = request.idempotencyKey === null ? undefined : answerUnder(request, used);
  if (earlier) return { answers: earlier, events: [], deliveries: [], idempotencyKeys: [] };
  const draft = new Draft(request.accountId, used, matcher, receivedAt, judgements);
  request.events.forEach((event, index) => {
    draft.add(event, index);
  });
  if (draft.refused.length > 0) throw rejected(draft.refused);
  if (request.idempotencyKey !== null) {
    draft.remember(request.idempotencyKey, hashEvents(request.events), draft.answers);
  }
  return draft;
}

function answerUnder(request: PublishRequest, used: UsedKeys): readonly Published[] | undefined {
  const key = request.idempotencyKey as string;
  const row = used.get(keyName(request.accountId, key));
  if (row && row.requestHash !== hashEvents(request.events)) throw keyConflict(key);
  return row?.answer;
}

class Draft implements Plan {
  readonly answers: Published[] = [];
  readonly events: NewEvent[] = [];
  readonly deliveries: PlannedDelivery[] = [];
  readonly idempotencyKeys: NewIdempotencyKey[] = [];
  readonly #accountId: string;
  readonly #used: UsedKeys;
  readonly #matcher: Matcher;
  readonly #receivedAt: string;
  readonly #judgements: Judgements;
  readonly refused: { event: CheckedEvent; warnings: readonly EventWarning[] }[] = [];
  /** The keys of events earlier in this request. */
  readonly #own = new Map<string, { readonly hash: string; readonly answer: Published }>();

  constructor(
    accountId: string,
    used: UsedKeys,
    matcher: Matcher,
    receivedAt: string,
    judgements: Judgements,
  ) {
    this.#accountId = accountId;
    this.#used = used;
    this.#matcher = matcher;
    this.#receivedAt = receivedAt;
    this.#judgements = judgements;
  }

  add(event: CheckedEvent, index: number): void {
    const key = event.idempotencyKey;
    if (key === null) {
      this.answers.push(this.#store(event));
      return;
    }
    const hash = hashEvents([event]);
    const earlier = this.#earlier(key);
    if (earlier && earlier.hash !== hash) throw keyConflict(key, index);
    const answer = earlier?.answer ?? this.#store(event);
    this.answers.push(answer);
    if (earlier) return;
    this.#own.set(key, { hash, answer });
    this.remember(key, hash, [answer]);
  }

  remember(key: string, requestHash: string, answers: readonly Published[]): void {
    this.idempotencyKeys.push({
      accountId: this.#accountId,
      key,
      requestHash,
      answer: JSON.stringify(answers),
    });
  }

  #earlier(key: string): { readonly hash: string; readonly answer: Published } | undefined {
    const row = this.#used.get(keyName(this.#accountId, key));
    const answer = row?.answer[0];
    if (row && answer) return { hash: row.requestHash, answer };
    return this.#own.get(key);
  }

  #store(checked: CheckedEvent): Published {
    const accountId = this.#accountId;
    const warnings = this.#warnings(checked);
    const event: NewEvent = {
      id: newId(),
      accountId,
      type: checked.type,
      subject: checked.subject,
      channel: checked.channel,
      version: checked.version,
      occurredAt: checked.occurredAt ?? this.#receivedAt,
      data: checked.data,
      warnings: warnings.length > 0 ? JSON.stringify(warnings) : null,
    };
    this.events.push(event);
    const wanting = this.#matcher.match(event, Date.parse(this.#receivedAt));
    for (const subscription of wanting) this.deliveries.push(plannedDelivery(subscription, event));
    const published = { id: event.id, deliveries: wanting.length };
    return warnings.length > 0 ? { ...published, warnings } : published;
  }

  #warnings(event: CheckedEvent): readonly EventWarning[] {
    const judgement = this.#judgements.get(event);
    if (!judgement) return [];
    if (judgement.rejects) this.refused.push({ event, warnings: judgement.warnings });
    return judgement.warnings;
  }
}

function plannedDelivery(
  { webhookId, lane, unique, ordered }: Subscription,
  event: NewEvent,
): PlannedDelivery {
  const { id: eventId, accountId, type, subject } = event;
  return {
    id: newId(),
    accountId,
    webhookId,
    eventId,
    lane,
    event,
    // What isn't about anything has nothing to be in order with, or to take the place of. A type holds no space.
    orderKey: ordered ? subject : null,
    uniqueKey: unique && subject !== null ? `${type} ${subject}` : null,
  };
}

function keyConflict(key: string, index?: number): Error {
  const where = index === undefined ? '' : ` (event ${index})`;
  return conflict(
    'idempotency_conflict',
    `The idempotency key ${JSON.stringify(key.slice(0, 100))}${where} was used for another body. ` +
      'Use a new key for a new event.',
  );
}
