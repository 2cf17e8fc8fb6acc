/** Not built yet. */
export function NewWebhook() {
  return null;
}
