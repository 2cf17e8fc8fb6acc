import { newId } from '../ids.ts';
import type { Backlog } from './backlog.ts';
import { collectRulesOf } from './batch-rules.ts';
import { type CollectRules, firstReady, type Group, groupsOf, readyAtOf } from './collect.ts';
import type { QueuedBatch } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { isOlder, PassOver } from './pass-over.ts';

/**
 * Puts together what waits in the queue of one webhook. It is decided when a request may begin, and not when a delivery
 * comes: while a batch waits for its turn others join it.
 */
export class Collector {
  readonly webhook: LiveWebhook;
  readonly #rules: CollectRules;
  readonly #backlog: Backlog;
  readonly #isCrowded: () => boolean;
  readonly #passOver = new PassOver();
  #groups: readonly Group[] = [];
  /** Of the backlog, when the groups were made of it. */
  #changes = -1;

  private constructor(webhook: LiveWebhook, rules: CollectRules, backlog: Backlog, isCrowded: () => boolean) {
    this.webhook = webhook;
    this.#rules = rules;
    this.#backlog = backlog;
    this.#isCrowded = isCrowded;
  }

  /**
   * Undefined for a webhook without batches.
   *
   * @param isCrowded whether more is to come, and finds no room until something goes
   */
  static of(webhook: LiveWebhook, backlog: Backlog, isCrowded: () => boolean): Collector | undefined {
    const rules = collectRulesOf(webhook);
    return rules && new Collector(webhook, rules, backlog, isCrowded);
  }

  /** When the first batch is ready, in milliseconds since 1970; infinite if nothing can go. */
  get readyAt(): number {
    const groups = this.#current();
    return groups.length > 0 && this.#isCrowded() ? Number.NEGATIVE_INFINITY : readyAtOf(groups);
  }

  /**
   * The batch that goes next; what it holds still waits in the queue.
   *
   * @param now milliseconds since 1970
   */
  next(now: number): QueuedBatch | undefined {
    const latest = this.#isCrowded() ? Number.POSITIVE_INFINITY : now;
    const usual = firstReady(this.#current(), latest);
    const group = this.#passOver.isEnough ? (this.#oldest(latest) ?? usual) : usual;
    if (!group) return undefined;
    this.#notePassOver(group);
    const inOrder = group.deliveries.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return { id: group.batchId ?? newId(), deliveries: inOrder };
  }

  /** What has waited for longest, with what may go along. */
  #oldest(latest: number): Group | undefined {
    return firstReady(groupsOf(this.#backlog.waiting(), this.#rules, this.#backlog.isFree, true), latest);
  }

  #notePassOver(group: Group): void {
    const waiting = this.#backlog.waiting();
    const isRanked = waiting.some(({ priority }) => priority !== null);
    const free = isRanked ? waiting.filter(this.#backlog.isFree) : [];
    const [oldest] = free.sort((one, other) => (isOlder(one, other) ? -1 : 1));
    this.#passOver.note(oldest !== undefined && !group.deliveries.includes(oldest));
  }

  #current(): readonly Group[] {
    const { changes } = this.#backlog;
    if (changes !== this.#changes) {
      this.#groups = groupsOf(this.#backlog.waiting(), this.#rules, this.#backlog.isFree);
      this.#changes = changes;
    }
    return this.#groups;
  }
}
