/** What this browser keeps under a name. In a frame of another site it may refuse to: then it is null. */
export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps something in this browser; where it refuses to, it lasts as long as the page. */
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Nothing that is kept is needed for anything but comfort.
  }
}
