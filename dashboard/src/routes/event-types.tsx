/** Not built yet. */
export function EventTypes() {
  return null;
}
