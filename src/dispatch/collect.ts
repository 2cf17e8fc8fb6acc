import { batchOf, type QueuedDelivery } from './delivery.ts';
import { isOlder } from './pass-over.ts';

/** When enough has come together for a request. */
export interface CollectRules {
  readonly maxItems: number;
  /** How long the first delivery of a group waits for others, from when it was due. */
  readonly maxWaitMs: number;
  /** Data of one request at most, in bytes; a delivery that has more goes by itself. */
  readonly maxBytes: number;
  /** Of what has none of its own. */
  readonly priority: number;
  /** What deliveries have in common that may go together; null: it goes alone. */
  readonly keyOf: (delivery: QueuedDelivery) => string | null;
  /** Whether those that once went together may still do so. */
  readonly fit: (deliveries: readonly QueuedDelivery[]) => boolean;
}

/** Deliveries that go in one request, now or once others have joined them. */
export interface Group {
  /** Of the batch they went in before; null: they are in none yet. */
  readonly batchId: string | null;
  readonly deliveries: readonly QueuedDelivery[];
  /** The highest of theirs. */
  readonly priority: number;
  /** When the oldest of them was due, and when they go whether others have come or not: milliseconds since 1970. */
  readonly dueAt: number;
  readonly readyAt: number;
}

/** Now, whatever time it is. */
const AT_ONCE = Number.NEGATIVE_INFINITY;

/**
 * Divides what waits into groups. What went together goes together again, whatever the rules are by now.
 *
 * @param waiting in its order; of those that have more in common than fit into a request the first are in its group
 * @param isFree whether nothing with its key is under way; a delivery that isn't free is in no group
 * @param byAge whether priorities count for nothing this time
 */
export function groupsOf(
  waiting: readonly QueuedDelivery[],
  rules: CollectRules,
  isFree: (delivery: QueuedDelivery) => boolean,
  byAge = false,
): Group[] {
  const formed = new Map<string, QueuedDelivery[]>();
  const forming = new Map<string, Forming>();
  const groups: Group[] = [];
  const { together, alone, priorityOf } = grouping(rules, byAge);
  for (const delivery of inTurn(waiting, priorityOf)) {
    const batchId = batchOf(delivery);
    if (batchId !== null) {
      const others = formed.get(batchId);
      if (others) others.push(delivery);
      else formed.set(batchId, [delivery]);
    } else if (isFree(delivery)) {
      const key = isAlone(delivery) ? null : rules.keyOf(delivery);
      if (key === null) groups.push(alone(delivery));
      else add(forming, key, delivery, rules);
    }
  }
  for (const [batchId, deliveries] of formed) {
    if (!deliveries.every(isFree)) continue;
    if (rules.fit(deliveries)) groups.push(together(batchId, deliveries, AT_ONCE));
    else groups.push(...deliveries.map(alone));
  }
  for (const { deliveries, full } of forming.values()) {
    groups.push(together(null, deliveries, full ? AT_ONCE : dueAtOf(deliveries) + rules.maxWaitMs));
  }
  return groups;
}

/** What has been tried by itself isn't put together with what hasn't: it is retried by itself. */
function isAlone({ id, batchId, attempts }: QueuedDelivery): boolean {
  return batchId === id || attempts > 0;
}

interface Forming {
  readonly deliveries: QueuedDelivery[];
  bytes: number;
  full: boolean;
}

function add(
  forming: Map<string, Forming>,
  key: string,
  delivery: QueuedDelivery,
  rules: CollectRules,
): void {
  const bytes = delivery.event.dataBytes;
  const group = forming.get(key) ?? { deliveries: [], bytes: 0, full: false };
  forming.set(key, group);
  if (group.deliveries.length > 0 && group.bytes + bytes > rules.maxBytes) group.full = true;
  if (group.full) return;
  group.deliveries.push(delivery);
  group.bytes += bytes;
  group.full = group.deliveries.length >= rules.maxItems || group.bytes >= rules.maxBytes;
}

function grouping(rules: CollectRules, byAge: boolean) {
  const priorityOf = ({ priority }: QueuedDelivery): number =>
    byAge ? rules.priority : (priority ?? rules.priority);
  const together = (
    batchId: string | null,
    deliveries: readonly QueuedDelivery[],
    readyAt: number,
  ): Group => ({
    batchId,
    deliveries,
    readyAt,
    dueAt: dueAtOf(deliveries),
    priority: deliveries.reduce((most, one) => Math.max(most, priorityOf(one)), 0),
  });
  const alone = (delivery: QueuedDelivery): Group => together(delivery.id, [delivery], AT_ONCE);
  return { together, alone, priorityOf };
}

/** Those that go first come first: they are among the first of their group. */
function inTurn(
  waiting: readonly QueuedDelivery[],
  priorityOf: (delivery: QueuedDelivery) => number,
): readonly QueuedDelivery[] {
  if (waiting.every(({ priority }) => priority === null)) return waiting;
  return waiting.toSorted((a, b) => priorityOf(b) - priorityOf(a) || (isOlder(a, b) ? -1 : 1));
}

function dueAtOf(deliveries: readonly QueuedDelivery[]): number {
  return deliveries.reduce((first, { dueAt }) => Math.min(first, dueAt), Number.POSITIVE_INFINITY);
}

/** When the first group is ready, in milliseconds since 1970: infinite if there is none. */
export function readyAtOf(groups: readonly Group[]): number {
  return groups.reduce((first, { readyAt }) => Math.min(first, readyAt), Number.POSITIVE_INFINITY);
}

/** Of the groups that are ready, the one of the highest priority that was due first. @param now milliseconds since 1970 */
export function firstReady(groups: readonly Group[], now: number): Group | undefined {
  let first: Group | undefined;
  for (const group of groups) {
    if (group.readyAt <= now && (first === undefined || goesBefore(group, first))) first = group;
  }
  return first;
}

function goesBefore(one: Group, other: Group): boolean {
  return one.priority === other.priority ? one.dueAt < other.dueAt : one.priority > other.priority;
}
