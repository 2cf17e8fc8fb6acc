import type { Queryable } from '../db/database.ts';
import { type ChannelKey, findChannels } from '../store/channels.ts';
import type { NewEvent } from '../store/enqueue.ts';

// Beyond this they are noted again, which changes nothing.
const MEMORY_OF_CHANNELS = 50_000;

/** The channels this process knows to be known, so that only those that are new to it are noted with their events. */
export class SeenChannels {
  readonly #seen = new Set<string>();

  /** The channels these events name that may be new, each once. */
  fresh(events: readonly NewEvent[]): ChannelKey[] {
    const fresh = new Map<string, ChannelKey>();
    for (const { accountId, channel } of events) {
      if (channel === null) continue;
      const key = keyOf({ accountId, name: channel });
      if (!this.#seen.has(key)) fresh.set(key, { accountId, name: channel });
    }
    return [...fresh.values()];
  }

  /** @param channels what has been noted, and is committed */
  remember(channels: readonly ChannelKey[]): void {
    if (channels.length > 0 && this.#seen.size >= MEMORY_OF_CHANNELS) this.#seen.clear();
    for (const channel of channels) this.#seen.add(keyOf(channel));
  }

  /**
   * The same as `fresh`, for a transaction that may roll back: what it notes is never taken for known, so the database
   * is asked, and learned from. Nothing a transaction of a caller does makes a channel known before it is committed.
   */
  async freshIn(tx: Queryable, events: readonly NewEvent[]): Promise<ChannelKey[]> {
    const fresh = this.fresh(events);
    if (fresh.length === 0) return fresh;
    this.remember(await findChannels(tx, fresh));
    return this.fresh(events);
  }
}

/** Account ids hold no space. */
function keyOf({ accountId, name }: ChannelKey): string {
  return `${accountId} ${name}`;
}
