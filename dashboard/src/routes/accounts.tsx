/** Not built yet. */
export function Accounts() {
  return null;
}
