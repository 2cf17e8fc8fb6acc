/** Not built yet. */
export function Event() {
  return null;
}
