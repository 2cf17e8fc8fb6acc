import { useSyncExternalStore } from 'react';
import { keep, readKept } from '../kept.ts';

export const SHOWN_TIMES = ['relative', 'exact'] as const;
export type ShownTimes = (typeof SHOWN_TIMES)[number];

const KEPT_AS = 'waybill-times';

let shown: ShownTimes = readKept(KEPT_AS) === 'exact' ? 'exact' : 'relative';
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether times are told as how long ago they were, or exactly: as somebody last chose on this device. */
export function useShownTimes(): ShownTimes {
  return useSyncExternalStore(subscribe, () => shown);
}

export function showTimes(choice: ShownTimes): void {
  shown = choice;
  keep(KEPT_AS, choice);
  for (const listener of listeners) listener();
}
