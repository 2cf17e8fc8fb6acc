/** Not built yet. */
export function WebhookEvents() {
  return null;
}
