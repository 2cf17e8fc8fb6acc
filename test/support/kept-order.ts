/** What a request carries of one delivery. */
export interface Item {
  /** The id of the delivery on the wire: the lower of two was made first. */
  readonly delivery: string;
  readonly subject: string;
  readonly type: string;
  readonly sequence: number;
}

/** A request, in the order they arrived. */
export interface Arrived {
  readonly path: string;
  /** What a receiver would know it again by. */
  readonly id: string;
  readonly items: readonly Item[];
  /** Whether it was taken, be it that the answer never arrived. */
  readonly isTaken: boolean;
}

/** What somebody did with a delivery by hand last. */
export interface ByHand {
  /** How many requests had arrived before it was sent again, and after; null: it was cancelled. */
  readonly again: { readonly before: number; readonly after: number } | null;
}

/** A delivery as it ended. */
export interface Ended extends Omit<Item, 'delivery'> {
  readonly id: string;
  readonly path: string;
  readonly status: string;
  readonly isSuperseded: boolean;
}

const has = (request: Arrived, { id, path }: Pick<Ended, 'id' | 'path'>): boolean =>
  request.path === path && request.items.some(({ delivery }) => delivery === id);

/** Requests that went before an older delivery of their subject had arrived. */
export function outOfOrder(
  log: readonly Arrived[],
  deliveries: readonly Ended[],
  byHand: ReadonlyMap<string, ByHand>,
): string[] {
  return deliveries.flatMap((older) => {
    const touched = byHand.get(older.id);
    // Nobody waits for what is cancelled, or has another one in its place.
    if (older.isSuperseded || touched?.again === null) return [];
    const { before, after } = touched?.again ?? { before: 0, after: 0 };
    const firstAt = (fits: (one: Arrived) => boolean): number => {
      const at = log.findIndex((one, index) => index >= before && has(one, older) && fits(one));
      return at < 0 ? log.length : at;
    };
    const triedAt = firstAt(() => true);
    const takenAt = firstAt(({ isTaken }) => isTaken);
    const isNewer = ({ path, items }: Arrived): boolean =>
      path === older.path && items.some((one) => one.subject === older.subject && one.delivery > older.id);
    const between = (from: number, to: number): Arrived[] =>
      log.slice(from, Math.max(from, to)).filter(isNewer);
    // One may have been under way when somebody sent the older one again.
    const early = [
      ...between(after, triedAt).slice(touched ? 1 : 0),
      ...between(Math.max(after, triedAt), takenAt),
    ];
    return early.map(({ id }) => `${older.path} ${older.subject}: ${id} came before ${older.id}`);
  });
}

/** Two bodies under one id, but for what was cancelled or superseded, and has left its batch. */
export function torn(log: readonly Arrived[], hasLeft: (deliveryId: string) => boolean): string[] {
  const found: string[] = [];
  const bodies = new Map<string, readonly string[]>();
  for (const { path, id, items } of log) {
    const now = items.map(({ delivery }) => delivery);
    const before = bodies.get(`${path} ${id}`) ?? now;
    const isPart = now.every((one) => before.includes(one));
    const missing = before.filter((one) => !now.includes(one) && !hasLeft(one));
    if (!isPart || missing.length > 0) found.push(`${path} ${id}: ${before} and then ${now}`);
    bodies.set(`${path} ${id}`, now);
  }
  return found;
}

/** Events whose deliveries ended as delivered, and that a receiver that drops what it knows by its id has never seen. */
export function lost(log: readonly Arrived[], deliveries: readonly Ended[]): string[] {
  const known = new Set<string>();
  const seen = new Set<string>();
  for (const { path, id, items, isTaken } of log) {
    if (!isTaken || known.has(`${path} ${id}`)) continue;
    known.add(`${path} ${id}`);
    for (const { sequence } of items) seen.add(`${path} ${sequence}`);
  }
  return deliveries
    .filter(({ status, path, sequence }) => status === 'delivered' && !seen.has(`${path} ${sequence}`))
    .map(({ path, sequence }) => `${path} ${sequence}`);
}

/** Requests that carry two deliveries of one subject. */
export function doubled(log: readonly Arrived[]): string[] {
  return log
    .filter(({ items }) => new Set(items.map(({ subject }) => subject)).size < items.length)
    .map(({ path, id }) => `${path} ${id}`);
}

/** Unique items of which the newest was not the last to be taken. @param touched what somebody sends again may be older */
export function stale(
  log: readonly Arrived[],
  deliveries: readonly Ended[],
  touched: ReadonlyMap<string, ByHand>,
): string[] {
  const keyOf = ({ subject, type }: Omit<Item, 'delivery'>): string => `${type} ${subject}`;
  return [...Map.groupBy(deliveries, (one) => `${one.path} ${keyOf(one)}`)].flatMap(([key, ofKey]) => {
    const [first] = ofKey;
    if (!first || ofKey.some(({ id }) => touched.has(id))) return [];
    const taken = log
      .filter(({ path, isTaken }) => isTaken && path === first.path)
      .flatMap(({ items }) => items);
    const last = taken.findLast((one) => keyOf(one) === keyOf(first))?.sequence;
    const newest = Math.max(...ofKey.map(({ sequence }) => sequence));
    return last === newest ? [] : [`${key}: ${newest} was published last, and ${last} taken`];
  });
}
