/** Not built yet. */
export function Events() {
  return null;
}
