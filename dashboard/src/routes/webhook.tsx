/** Not built yet. */
export function Webhook() {
  return null;
}
