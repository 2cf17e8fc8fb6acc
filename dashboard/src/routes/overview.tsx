/** Not built yet. */
export function Overview() {
  return null;
}
