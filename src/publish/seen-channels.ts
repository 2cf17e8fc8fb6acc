import type { Queryable } from '../db/database.ts';
import { type ChannelKey, ensureChannels } from '../store/channels.ts';
import type { PublishRequest } from './plan.ts';

// Beyond this they are written again, which changes nothing.
const MEMORY_OF_CHANNELS = 50_000;

/** The channels events have named: written when one is named for the first time, as far as this process knows. */
export class SeenChannels {
  readonly #seen = new Set<string>();

  async remember(db: Queryable, requests: readonly PublishRequest[]): Promise<void> {
    const fresh = this.#fresh(requests);
    if (fresh.length === 0) return;
    await ensureChannels(db, fresh);
    if (this.#seen.size >= MEMORY_OF_CHANNELS) this.#seen.clear();
    for (const channel of fresh) this.#seen.add(keyOf(channel));
  }

  /** In a transaction that may roll back, so that nothing is taken for written. */
  async write(tx: Queryable, request: PublishRequest): Promise<void> {
    const fresh = this.#fresh([request]);
    if (fresh.length > 0) await ensureChannels(tx, fresh);
  }

  #fresh(requests: readonly PublishRequest[]): ChannelKey[] {
    return requests.flatMap(({ accountId, events }) =>
      events.flatMap(({ channel }) => {
        if (channel === null || this.#seen.has(keyOf({ accountId, name: channel }))) return [];
        return { accountId, name: channel };
      }),
    );
  }
}

/** Account ids hold no space. */
function keyOf({ accountId, name }: ChannelKey): string {
  return `${accountId} ${name}`;
}
