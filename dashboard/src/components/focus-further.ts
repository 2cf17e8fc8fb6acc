import { useEffect, useRef } from 'react';

interface State {
  /** How many rows there are. */
  readonly count: number;
  readonly busy: boolean;
}

/**
 * Leads the focus on to the first of the rows that were asked for, or back to the button if none came: a button that is
 * busy loses the focus, and after the last page it is gone. Whoever went elsewhere meanwhile is left there.
 *
 * @returns what stands around the rows, the button, and what to call when it is pressed
 */
export function useFocusFurther({ count, busy }: State) {
  const rows = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef<number>(undefined);
  useEffect(() => {
    if (before.current === undefined || busy) return;
    const from = before.current;
    before.current = undefined;
    const focused = document.activeElement;
    if (focused !== document.body && focused !== button.current) return;
    const next = count > from ? firstIn(rows.current, from) : button.current;
    (next ?? button.current ?? rows.current)?.focus({ preventScroll: true });
  }, [busy, count]);
  const pressed = () => {
    before.current = count;
  };
  return { rows, button, pressed };
}

/** Heads of sections are rows, too, but none that were counted. */
function firstIn(list: HTMLElement | null, index: number): HTMLElement | null {
  const row = list?.querySelectorAll('tbody > tr:not(.section)')[index];
  return row?.querySelector<HTMLElement>('a, button') ?? null;
}
