/** Not built yet. */
export function Profile() {
  return null;
}
