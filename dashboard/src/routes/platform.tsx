/** Not built yet. */
export function Platform() {
  return null;
}
