/** Not built yet. */
export function Invitation() {
  return null;
}
