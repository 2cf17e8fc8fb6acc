import type { WebhookQueue } from './webhook-queue.ts';

/** How many turns a priority gets for each one of priority 0, while both wait: 100 for 9, 36 for 5, 1 for 0. */
function weightOf(priority: number): number {
  return (priority + 1) ** 2;
}

/** The webhooks of one account that wait for a turn. */
class AccountTurns {
  /** By priority, each a queue of queues. */
  readonly #waiting = new Map<number, Set<WebhookQueue>>();
  readonly #credit = new Map<number, number>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(queue: WebhookQueue): void {
    const priority = queue.webhook?.priority ?? 0;
    const waiting = this.#waiting.get(priority) ?? new Set();
    this.#waiting.set(priority, waiting.add(queue));
  }

  /** By smooth weighted round robin: each priority gains its weight, and whoever goes pays for all. */
  next(): WebhookQueue | undefined {
    let chosen: number | undefined;
    let total = 0;
    for (const priority of this.#waiting.keys()) {
      const weight = weightOf(priority);
      total += weight;
      const credit = (this.#credit.get(priority) ?? 0) + weight;
      this.#credit.set(priority, credit);
      if (chosen === undefined || credit > (this.#credit.get(chosen) ?? 0)) chosen = priority;
    }
    if (chosen === undefined) return undefined;
    this.#credit.set(chosen, (this.#credit.get(chosen) ?? 0) - total);
    return this.#takeFrom(chosen);
  }

  #takeFrom(priority: number): WebhookQueue | undefined {
    const waiting = this.#waiting.get(priority);
    const [queue] = waiting ?? [];
    if (queue) waiting?.delete(queue);
    if (waiting?.size === 0) {
      this.#waiting.delete(priority);
      this.#credit.delete(priority);
    }
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
