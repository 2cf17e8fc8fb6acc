/** Not built yet. */
export function Queue() {
  return null;
}
