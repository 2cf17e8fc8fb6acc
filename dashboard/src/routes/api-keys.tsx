/** Not built yet. */
export function ApiKeys() {
  return null;
}
