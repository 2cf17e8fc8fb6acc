/** Not built yet. */
export function EventType() {
  return null;
}
