import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { logged } from '../db/outage.ts';
import {
  beat,
  LANES,
  type LaneRow,
  releaseLanes,
  removeNode,
  renewLanes,
  takeLanes,
} from '../store/lanes.ts';
import { notify } from '../store/notify.ts';

export interface LanesOptions {
  readonly database: Database;
  readonly nodeId: string;
  readonly leaseMs: number;
  readonly log: Logger;
  readonly onGained: (lanes: readonly number[]) => void;
  readonly onLost: (lanes: readonly number[]) => void;
  /** The leases had run out, and hold again: what was held back may go on. */
  readonly onResumed: () => void;
  /** Resolves when nothing of the lane is under way any more, or it has been waited for long enough. */
  readonly drain: (lane: number) => Promise<void>;
}

const RETRY_MS = 1_000;

/**
 * The lanes this node owns. It says every third of a lease that it lives, takes its fair share of the lanes
 * nobody has, and gives some back when there are more nodes than before.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #fences = new Map<number, number>();
  /**
   * Given up, with the fence under which they were owned: nothing new is started in them. Until a beat has seen them gone,
   * as one that was under way while they were given back has read that they are still this node's.
   */
  readonly #leaving = new Map<number, number>();
  /** By this process's own clock: later than this, somebody else may own the lanes. */
  #validUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;
  readonly #givingBack = new Set<Promise<void>>();
  #failed = false;
  #stopped = false;

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  /** The fence under which this node may send for a lane now; undefined if it may not. */
  fenceOf(lane: number): number | undefined {
    if (this.#leaving.has(lane) || performance.now() >= this.#validUntil) return undefined;
    return this.#fences.get(lane);
  }

  owned(): number[] {
    return [...this.#fences.keys()].filter((lane) => !this.#leaving.has(lane));
  }

  /** @throws the driver's error if the database can't be reached */
  async start(): Promise<void> {
    await this.#tick();
    this.#arm();
  }

  /** Looks at once whether there are lanes to take: another node has given some back. */
  hurry(): void {
    if (!this.#stopped) void this.#safeTick();
  }

  /** Gives all lanes back, so that other nodes needn't wait for the leases to run out. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#ticking;
    await Promise.all(this.#givingBack);
    const { database, nodeId } = this.#options;
    this.#fences.clear();
    await releaseLanes(database, nodeId, null);
    await removeNode(database, nodeId);
    await notify(database, { kind: 'lanes' });
  }

  #arm(): void {
    if (this.#stopped) return;
    const heartbeatMs = this.#options.leaseMs / 3;
    const delayMs = this.#failed ? Math.min(RETRY_MS, heartbeatMs) : heartbeatMs;
    this.#timer = setTimeout(() => void this.#safeTick().then(() => this.#arm()), delayMs);
  }

  #safeTick(): Promise<void> {
    this.#ticking ??= this.#tick()
      .then(() => {
        this.#failed = false;
      })
      .catch((error: unknown) => {
        this.#failed = true;
        this.#options.log.warn(logged(error), 'the leases could not be prolonged');
      })
      .finally(() => {
        this.#ticking = undefined;
      });
    return this.#ticking;
  }

  async #tick(): Promise<void> {
    const { database, nodeId, leaseMs } = this.#options;
    // Taken before the statements: the leases last at least this long, whatever time they take.
    const startedAt = performance.now();
    const nodes = await beat(database, nodeId, leaseMs);
    const share = Math.ceil(LANES / nodes);
    const kept = await renewLanes(database, nodeId, leaseMs);
    const taken = kept.length < share ? await takeLanes(database, nodeId, leaseMs, share - kept.length) : [];
    const lapsed = startedAt >= this.#validUntil;
    this.#validUntil = startedAt + leaseMs;
    this.#update([...kept, ...taken]);
    if (lapsed) this.#options.onResumed();
    for (const lane of this.owned().slice(share)) this.#track(this.#giveBack(lane));
  }

  #update(rows: readonly LaneRow[]): void {
    const now = new Map(rows.map((row) => [row.lane, row.fence]));
    const lost = [...this.#fences].filter(([lane, fence]) => now.get(lane) !== fence).map(([lane]) => lane);
    for (const [lane, fence] of this.#leaving) if (now.get(lane) !== fence) this.#leaving.delete(lane);
    const isNew = ({ lane, fence }: LaneRow): boolean =>
      this.#fences.get(lane) !== fence && !this.#leaving.has(lane);
    const gained = rows.filter(isNew).map((row) => row.lane);
    this.#fences.clear();
    for (const [lane, fence] of now) this.#fences.set(lane, fence);
    if (lost.length > 0) this.#options.onLost(lost);
    if (gained.length > 0) this.#options.onGained(gained);
  }

  #track(work: Promise<void>): void {
    this.#givingBack.add(work);
    void work.finally(() => this.#givingBack.delete(work));
  }

  /** Each lane by itself: a request that takes long holds up no lane but its own. */
  async #giveBack(lane: number): Promise<void> {
    const { database, nodeId, log, onLost, drain } = this.#options;
    const fence = this.#fences.get(lane);
    if (fence === undefined) return;
    this.#leaving.set(lane, fence);
    onLost([lane]);
    try {
      await drain(lane);
      // Lost while it was drained: by now it may be this node's again, under another fence.
      if (this.#leaving.get(lane) !== fence) return;
      await releaseLanes(database, nodeId, [lane]);
    } catch (error) {
      log.warn(logged(error), 'a lane could not be given back; it is tried again');
      // If it is this node's still, the next beat finds it as one that is new.
      this.#fences.delete(lane);
      this.#leaving.delete(lane);
      return;
    }
    await notify(database, { kind: 'lanes' }).catch((error: unknown) =>
      log.warn(logged(error), 'nobody was told of a lane that is free; it is found by the next beat'),
    );
  }
}
