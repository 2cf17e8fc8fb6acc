import { standardWebhooksBody } from '../profile/standard-webhooks.ts';
import type { DueRow } from '../store/due.ts';
import type { NewEvent } from '../store/enqueue.ts';

/** An event in memory. One object serves all webhooks it goes to, so that its body is rendered once. */
export class OutgoingEvent {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly data: string;
  #body: Buffer | undefined;

  constructor(event: Pick<NewEvent, 'id' | 'type' | 'occurredAt' | 'data'>) {
    this.id = event.id;
    this.type = event.type;
    this.occurredAt = event.occurredAt;
    this.data = event.data;
  }

  get body(): Buffer {
    this.#body ??= Buffer.from(standardWebhooksBody(this));
    return this.#body;
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
}

export function deliveryFromRow(row: DueRow): QueuedDelivery {
  return {
    id: row.deliveryId,
    accountId: row.accountId,
    attempts: row.attempts,
    tries: row.tries,
    round: row.round,
    event: new OutgoingEvent({
      id: row.eventId,
      type: row.type,
      occurredAt: row.occurredAt.toISOString(),
      data: row.data,
    }),
  };
}
