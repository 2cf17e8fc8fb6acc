/** Not built yet. */
export function Portal() {
  return null;
}
