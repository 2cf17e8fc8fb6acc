import type { Me } from '../session.ts';

const KEPT_AS = 'waybill-guest';

/**
 * Keeps for this tab whether it is a guest's of the portal: their session lives in the memory of the page, and loading that
 * anew ends it.
 */
export function keepWhetherGuest({ kind }: Pick<Me, 'kind'>): void {
  try {
    if (kind === 'portal') sessionStorage.setItem(KEPT_AS, 'yes');
    else sessionStorage.removeItem(KEPT_AS);
  } catch {
    // A frame of another site may not be allowed to: then its guests are asked to sign in.
  }
}

/** Whether it was a guest who was last let in here. */
export function wasGuest(): boolean {
  try {
    return sessionStorage.getItem(KEPT_AS) !== null;
  } catch {
    return false;
  }
}
