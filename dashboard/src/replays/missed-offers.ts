import { useSyncExternalStore } from 'react';
import type { Missed } from '../../../src/manage/missed.ts';

/** What a webhook that has been enabled missed, offered to be sent now. */
export interface MissedOffer {
  readonly account: string;
  readonly webhookId: string;
  readonly missed: Missed;
}

// It outlives the screen on which the webhook was enabled: saving may close that.
let current: MissedOffer | undefined;
const listeners = new Set<() => void>();

function put(offer: MissedOffer | undefined): void {
  current = offer;
  for (const listener of listeners) listener();
}

/** @param answer what the API says of a webhook that was changed; it offers nothing if nothing was missed */
export function offerMissed(
  account: string,
  answer: { readonly id: string; readonly missed?: Missed },
): void {
  const { id, missed } = answer;
  if (missed && missed.events > 0) put({ account, webhookId: id, missed });
}

export const withdrawOffer = () => put(undefined);

export function useMissedOffer(): MissedOffer | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
