import type { Profile } from '../profile/profile.ts';
import type { DueRow } from '../store/due.ts';
import type { NewEvent } from '../store/enqueue.ts';

/** An event in memory. One object serves all webhooks it goes to. */
export class OutgoingEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string | null;
  readonly channel: string | null;
  readonly version: string | null;
  readonly occurredAt: string;
  readonly data: string;
  /** Of its data, in UTF-8. */
  readonly dataBytes: number;
  readonly #bodies = new Map<Profile, Buffer>();

  constructor(event: Omit<NewEvent, 'accountId' | 'warnings'>) {
    this.id = event.id;
    this.type = event.type;
    this.subject = event.subject;
    this.channel = event.channel;
    this.version = event.version;
    this.occurredAt = event.occurredAt;
    this.data = event.data;
    this.dataBytes = Buffer.byteLength(event.data);
  }

  /** Its body in a profile whose bodies tell of nothing but the event: made once for all webhooks and attempts. */
  sharedBody(profile: Profile, render: () => string): Buffer {
    let body = this.#bodies.get(profile);
    if (!body) {
      body = Buffer.from(render());
      this.#bodies.set(profile, body);
    }
    return body;
  }
}

/** A delivery in the queue of its webhook. */
export interface QueuedDelivery {
  readonly id: string;
  readonly accountId: string;
  readonly event: OutgoingEvent;
  /** Requests made so far, in all and in this round of the schedule. */
  readonly attempts: number;
  readonly tries: number;
  /** How often it has been sent again by hand. */
  readonly round: number;
  /** What must keep its order with it: see `loadDue`. null: nothing. */
  readonly orderKey: string | null;
  /** A newer one with the same key takes its place; null: none does. */
  readonly uniqueKey: string | null;
  /** 9 goes first, 0 last; null: as its webhook says. */
  readonly priority: number | null;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** What it went with before, and goes with again; its own id: it goes alone; null: it is in no batch yet. */
  readonly batchId: string | null;
}

/** The batch it went in with others, and goes in again; null: there is none. */
export function batchOf({ id, batchId }: Pick<QueuedDelivery, 'id' | 'batchId'>): string | null {
  return batchId === id ? null : batchId;
}

/** Deliveries of one webhook that go in one request. */
export interface QueuedBatch {
  readonly id: string;
  /** In the order they were published; one at least. */
  readonly deliveries: readonly QueuedDelivery[];
}

/** What goes in one request. */
export type Sendable = QueuedDelivery | QueuedBatch;

export function deliveriesOf(sendable: Sendable): readonly QueuedDelivery[] {
  return 'deliveries' in sendable ? sendable.deliveries : [sendable];
}

export function deliveryFromRow(row: DueRow): QueuedDelivery {
  return {
    id: row.deliveryId,
    accountId: row.accountId,
    attempts: row.attempts,
    tries: row.tries,
    round: row.round,
    orderKey: row.orderKey,
    uniqueKey: row.uniqueKey,
    priority: row.priority,
    dueAt: row.dueAt.getTime(),
    batchId: row.batchId,
    event: new OutgoingEvent({ ...row, id: row.eventId, occurredAt: row.occurredAt.toISOString() }),
  };
}
