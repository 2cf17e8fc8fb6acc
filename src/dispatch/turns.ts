import type { WebhookQueue } from './webhook-queue.ts';

/** How many turns a priority gets for each one of priority 0, while both wait: 100 for 9, 36 for 5, 1 for 0. */
function weightOf(priority: number): number {
  return (priority + 1) ** 2;
}

/**
 * The webhooks of one account that wait for a turn. Its priorities take turns by start-time fair queueing (Goyal, Vin and
 * Cheng, SIGCOMM 1996): each turn costs a priority the inverse of its weight, and the next one is of whichever is to
 * begin first. One that had nobody waiting keeps what it owes, so that being busy with its only webhook for a moment
 * changes no share; and begins no earlier than the others are by now, so that nothing is saved up by being idle.
 */
class AccountTurns {
  /** By priority, each a queue of queues. */
  readonly #waiting = new Map<number, Set<WebhookQueue>>();
  /** When the next turn of each priority begins, in turns of a priority of weight 1. */
  readonly #beginsAt = new Map<number, number>();
  #now = 0;

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(queue: WebhookQueue): void {
    const { priority } = queue;
    const waiting = this.#waiting.get(priority);
    if (waiting) {
      waiting.add(queue);
      return;
    }
    this.#waiting.set(priority, new Set([queue]));
    this.#beginsAt.set(priority, Math.max(this.#beginOf(priority), this.#now));
  }

  next(): WebhookQueue | undefined {
    const [first, ...others] = this.#waiting.keys();
    if (first === undefined) return undefined;
    let chosen = first;
    for (const priority of others) {
      const later = this.#beginOf(priority) - this.#beginOf(chosen);
      if (later < 0 || (later === 0 && priority > chosen)) chosen = priority;
    }
    this.#now = this.#beginOf(chosen);
    this.#beginsAt.set(chosen, this.#now + 1 / weightOf(chosen));
    return this.#takeFrom(chosen);
  }

  #beginOf(priority: number): number {
    return this.#beginsAt.get(priority) ?? 0;
  }

  #takeFrom(priority: number): WebhookQueue | undefined {
    const waiting = this.#waiting.get(priority);
    const [queue] = waiting ?? [];
    if (queue) waiting?.delete(queue);
    if (waiting?.size === 0) this.#waiting.delete(priority);
    return queue;
  }
}

/**
 * Whose turn it is when a node has as many requests under way as it may. Accounts take turns, so that none can push in
 * before the others; within an account its priorities do, the higher ones more often, and none never.
 */
export class Turns {
  readonly #max: number;
  #taken = 0;
  readonly #accounts = new Map<string, AccountTurns>();

  /** @param max requests at once */
  constructor(max: number) {
    this.#max = max;
  }

  /** Takes a place for a request; false: there is none, and the webhook waits for its turn. */
  take(queue: WebhookQueue): boolean {
    if (this.#taken < this.#max) {
      this.#taken += 1;
      return true;
    }
    const { webhook } = queue;
    if (!webhook) return false;
    const account = this.#accounts.get(webhook.accountId) ?? new AccountTurns();
    account.add(queue);
    this.#accounts.set(webhook.accountId, account);
    return false;
  }

  /** A request has ended: its place is free. */
  give(): void {
    this.#taken -= 1;
  }

  /** The webhook whose turn it is, if there is a place for it and anybody waits. */
  next(): WebhookQueue | undefined {
    while (this.#taken < this.#max) {
      const [first] = this.#accounts;
      if (!first) return undefined;
      const [accountId, account] = first;
      const queue = account.next();
      // To the end of the row.
      this.#accounts.delete(accountId);
      if (!account.isEmpty) this.#accounts.set(accountId, account);
      if (queue) return queue;
    }
    return undefined;
  }
}
