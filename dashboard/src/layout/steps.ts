import type { RouterHistory } from '@tanstack/react-router';

/** The paths of the steps of the history, by their place in it. Those from before the page was loaded aren't known. */
const paths = new Map<number, string>();
let place = 0;

/** Keeps in mind how somebody came to where they are. */
export function rememberSteps(history: RouterHistory): void {
  const note = () => {
    const { pathname, state } = history.location;
    place = state.__TSR_index;
    paths.set(place, pathname);
  };
  note();
  history.subscribe(({ action }) => {
    note();
    if (action.type !== 'PUSH') return;
    // What could be gone forward to is no more.
    for (const later of paths.keys()) if (later > place) paths.delete(later);
  });
}

/** Whether going back leads there. */
export function isStepBefore(path: string): boolean {
  return paths.get(place - 1) === path;
}
