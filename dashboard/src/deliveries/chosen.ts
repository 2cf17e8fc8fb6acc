import type { DeliveryView } from '../data/deliveries.ts';

type Status = DeliveryView['status'];
type Standing = Pick<DeliveryView, 'id' | 'status'>;

/** What is chosen of a list, by what can be done with it. */
export interface Chosen {
  readonly count: number;
  /** They can be cancelled. */
  readonly waiting: readonly string[];
  /** They can be sent again. */
  readonly ended: readonly string[];
  /** Whether there are some that only a replay sends once more. */
  readonly needReplay: boolean;
}

const ENDED: ReadonlySet<Status> = new Set(['failed', 'cancelled']);
const FOR_REPLAYS: ReadonlySet<Status> = new Set(['delivered', 'superseded']);

/**
 * Nothing happens to what nobody sees: what was chosen and has left the list meanwhile doesn't count.
 *
 * @param shown the deliveries that are on the screen and fit its filters
 * @param chosen the ids that were chosen
 */
export function chosenOf(shown: readonly Standing[], chosen: ReadonlySet<string>): Chosen {
  const standing = shown.filter(({ id }) => chosen.has(id));
  const idsWhere = (fits: (status: Status) => boolean) =>
    standing.filter(({ status }) => fits(status)).map(({ id }) => id);
  return {
    count: standing.length,
    waiting: idsWhere((status) => status === 'pending'),
    ended: idsWhere((status) => ENDED.has(status)),
    needReplay: standing.some(({ status }) => FOR_REPLAYS.has(status)),
  };
}
