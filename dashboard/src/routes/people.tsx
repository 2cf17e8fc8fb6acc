/** Not built yet. */
export function People() {
  return null;
}
