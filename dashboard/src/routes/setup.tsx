/** Not built yet. */
export function Setup() {
  return null;
}
