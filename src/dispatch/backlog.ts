import { batchOf, type QueuedDelivery } from './delivery.ts';
import { DeliveryList } from './delivery-list.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { StartedDeliveries } from './started-deliveries.ts';
import { addWhole } from './whole-batches.ts';

export interface BacklogBounds {
  readonly maxQueued: number;
  readonly maxQueuedBytes: number;
  /** What all webhooks share. */
  readonly memory: MemoryBudget;
}

/** What tells a delivery from others, and says which of them it goes with. */
type Keyed = Pick<QueuedDelivery, 'id' | 'uniqueKey'>;

/** What a load under way can't know, as it may have read before it happened. */
interface SinceLoad {
  /** Deliveries let go of: it may have read them as still pending. */
  readonly released: Set<string>;
  /** By unique key, what was handed over: it may have read the one whose place that took. */
  readonly handedOver: Map<string, string>;
}

const OWN_BYTES = 256 * 1024;

/**
 * The deliveries of one webhook that are in memory: those that wait, and those that have been started, until their
 * outcome is committed. Of those with one key only one is under way at a time.
 *
 * Of several with one unique key the database alone knows for sure which one waits: ids are made before the key's lock is
 * taken, and the clocks of two nodes differ. So what a load reads takes the place of all that was queued before the load
 * began, whatever their ids. What is handed over was published by this node a moment ago: against that the higher id
 * counts as the newer, and where it isn't the one that came last, the database is to be asked (`doubtful`).
 */
export class Backlog {
  readonly #bounds: BacklogBounds;
  readonly #queued = new DeliveryList();
  /** Of what is queued, by its unique key. */
  readonly #uniqueQueued = new Map<string, QueuedDelivery>();
  readonly #started = new StartedDeliveries();
  /** Queued and started, with the bytes of their data. */
  readonly #bytesOf = new Map<string, number>();
  #bytes = 0;
  #doubtful = false;
  #changes = 0;
  #sinceLoad: SinceLoad | undefined;

  constructor(bounds: BacklogBounds) {
    this.#bounds = bounds;
  }

  get queued(): number {
    return this.#queued.length;
  }

  get held(): number {
    return this.#bytesOf.size;
  }

  get heldBytes(): number {
    return this.#bytes;
  }

  get room(): number {
    return this.#bounds.maxQueued - this.queued;
  }

  /** Moves whenever what waits, or what is under way, is other than before. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether something was handed over that may be older than what is known of its key. */
  get doubtful(): boolean {
    return this.#doubtful;
  }

  get isLoading(): boolean {
    return this.#sinceLoad !== undefined;
  }

  /** Queued or started. */
  has(deliveryId: string): boolean {
    return this.#bytesOf.has(deliveryId);
  }

  /** Queued or started, or let go of while the load was under way that may have read it. */
  knows(deliveryId: string): boolean {
    return this.has(deliveryId) || (this.#sinceLoad?.released.has(deliveryId) ?? false);
  }

  /** Something was committed just now. What waits with its unique key makes way; false if that seems to be newer. */
  makeWayFor({ id, uniqueKey }: Keyed): boolean {
    if (uniqueKey === null) return true;
    const queued = this.#uniqueQueued.get(uniqueKey);
    const started = this.#started.withUniqueKey(uniqueKey);
    const rivals = [queued?.id, started?.id, this.#sinceLoad?.handedOver.get(uniqueKey)];
    if (rivals.some((rival) => rival !== undefined && rival > id)) {
      this.#doubtful = true;
      return false;
    }
    this.#sinceLoad?.handedOver.set(uniqueKey, id);
    if (queued) this.drop((one) => one.uniqueKey === uniqueKey);
    return true;
  }

  /** Queues a delivery. False if there is no room for it. @param whateverRoom it goes with what was added before it */
  add(delivery: QueuedDelivery, whateverRoom = false): boolean {
    const { dataBytes } = delivery.event;
    const isFull = this.room <= 0 || (this.held > 0 && this.#isTooMuch(dataBytes));
    if (isFull && !whateverRoom) return false;
    this.#queued.push(delivery);
    if (delivery.uniqueKey !== null) this.#uniqueQueued.set(delivery.uniqueKey, delivery);
    this.#bytesOf.set(delivery.id, dataBytes);
    this.#count(dataBytes);
    return true;
  }

  #isTooMuch(bytes: number): boolean {
    const { maxQueuedBytes, memory } = this.#bounds;
    // A little is every webhook's own, or those with long backlogs would leave nothing for the others.
    const beyondOwn = this.#bytes + bytes > OWN_BYTES;
    return this.#queued.bytes + bytes > maxQueuedBytes || (beyondOwn && !memory.fits(bytes));
  }

  hasFree(): boolean {
    return this.#queued.find(this.isFree) !== undefined;
  }

  /** The priority of what goes next. @param usual of what has none of its own */
  priorityOfNext(usual: number): number {
    return this.#queued.next(this.isFree, usual)?.priority ?? usual;
  }

  /** Starts the one that goes first of those that needn't wait for another one with their key. */
  start(usual: number): QueuedDelivery | undefined {
    const delivery = this.#queued.take(this.isFree, usual);
    if (delivery) this.#begin(delivery);
    return delivery;
  }

  /** What is queued, in its order. */
  waiting(): QueuedDelivery[] {
    return this.#queued.filter(() => true);
  }

  /** Starts these, which are queued. */
  startThese(deliveries: readonly QueuedDelivery[]): void {
    const chosen = new Set(deliveries);
    for (const one of this.#queued.takeAll((one) => chosen.has(one))) this.#begin(one);
    this.#changes += 1;
  }

  #begin(delivery: QueuedDelivery): void {
    this.#leaveQueue(delivery);
    this.#started.add(delivery);
  }

  #leaveQueue(delivery: QueuedDelivery): void {
    const { uniqueKey } = delivery;
    if (uniqueKey !== null && this.#uniqueQueued.get(uniqueKey) === delivery)
      this.#uniqueQueued.delete(uniqueKey);
  }

  /** What is under way counts also where another one has taken its place, and the database waits for it no more. */
  readonly isFree = (delivery: QueuedDelivery): boolean => !this.#started.hasKeyOf(delivery);

  /** Lets go of a delivery that was started: the database alone knows it now. */
  release(deliveryId: string): void {
    this.#forget(deliveryId);
    this.#sinceLoad?.released.add(deliveryId);
  }

  /** Forgets what is queued of this, or all that is queued. */
  drop(fits: (delivery: QueuedDelivery) => boolean = () => true): void {
    for (const one of this.#queued.takeAll(fits)) {
      this.#leaveQueue(one);
      this.#forget(one.id);
    }
  }

  /** What is queued of unique items. */
  unique(): QueuedDelivery[] {
    return this.#queued.filter(({ uniqueKey }) => uniqueKey !== null);
  }

  beginLoad(): void {
    this.#doubtful = false;
    this.#sinceLoad = { released: new Set(), handedOver: new Map() };
  }

  /** Queues what a load has read. False if there is no room for all of it, or if it has to be read once more. */
  endLoad(read: readonly QueuedDelivery[]): boolean {
    const fresh = read.filter((one) => !this.knows(one.id) && !this.#isOutdated(one));
    this.#sinceLoad = undefined;
    const lacking = this.#dropReplaced(fresh);
    return addWhole(fresh, (one, whateverRoom) => this.add(one, whateverRoom)) && !lacking;
  }

  /**
   * What of one subject is to go later than what was read of it takes all it went with along: left to itself, the rest
   * would go under the id of the whole. True if there was any such.
   */
  #dropReplaced(fresh: readonly QueuedDelivery[]): boolean {
    const uniqueKeys = new Set(fresh.map(({ uniqueKey }) => uniqueKey));
    const orderKeys = new Set(fresh.map(({ orderKey }) => orderKey));
    const isLater = ({ orderKey }: QueuedDelivery): boolean => orderKey !== null && orderKeys.has(orderKey);
    const later = this.#queued.filter(isLater).map(batchOf);
    const batches = new Set(later.filter((batchId) => batchId !== null));
    this.drop((one) => {
      const batchId = batchOf(one);
      const isReplaced = one.uniqueKey !== null && uniqueKeys.has(one.uniqueKey);
      return isReplaced || isLater(one) || (batchId !== null && batches.has(batchId));
    });
    return batches.size > 0;
  }

  /** Whether it was read before the one that was handed over took its place. */
  #isOutdated({ id, uniqueKey }: QueuedDelivery): boolean {
    const rival = uniqueKey === null ? undefined : this.#sinceLoad?.handedOver.get(uniqueKey);
    if (rival === undefined) return false;
    if (rival < id) this.#doubtful = true;
    return true;
  }

  #forget(deliveryId: string): void {
    this.#count(-(this.#bytesOf.get(deliveryId) ?? 0));
    this.#bytesOf.delete(deliveryId);
    this.#started.remove(deliveryId);
  }

  #count(bytes: number): void {
    this.#changes += 1;
    this.#bytes += bytes;
    this.#bounds.memory.take(bytes);
  }
}
