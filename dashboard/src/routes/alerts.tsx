/** Not built yet. */
export function Alerts() {
  return null;
}
