import { useLayoutEffect, useRef } from 'react';

interface Left {
  readonly from: HTMLElement;
  readonly to: () => HTMLElement | null;
}

/**
 * What was pressed in a row may take the row away, or to another place of its list: then the focus goes on from there. To be
 * used by what draws the rows.
 *
 * @returns is told what was pressed, and where to go on if it goes
 */
export function useLeadOn(): (from: HTMLElement | null, to: () => HTMLElement | null) => void {
  const left = useRef<Left>(undefined);
  useLayoutEffect(() => {
    if (left.current === undefined || left.current.from.isConnected) return;
    if (document.activeElement === document.body) left.current.to()?.focus();
    left.current = undefined;
  });
  return (from, to) => {
    left.current = from ? { from, to } : undefined;
  };
}

/**
 * The menu of the row after the one a menu's button is in, or of the one before; else what searches for other rows; else what
 * the screen begins with.
 */
export function besides(button: HTMLElement | null): HTMLElement | null {
  const rows = button?.closest('table')?.querySelectorAll<HTMLElement>('[aria-haspopup="menu"]') ?? [];
  const menus = [...rows];
  const place = button === null ? -1 : menus.indexOf(button);
  return (
    menus[place + 1] ??
    menus[place - 1] ??
    document.querySelector<HTMLElement>('[role="search"] input') ??
    document.querySelector<HTMLElement>('main a, main button')
  );
}

/** The same where a row has a button of its own: that of the next one, or of the one before. */
export function besideRow(button: HTMLElement): HTMLElement | null {
  const row = button.closest('tr');
  const near = [row?.nextElementSibling, row?.previousElementSibling];
  const [found] = near.flatMap((one) => one?.querySelector<HTMLElement>('button') ?? []);
  return found ?? document.querySelector<HTMLElement>('main input:checked, main a, main button');
}
