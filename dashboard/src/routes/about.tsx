/** Not built yet. */
export function About() {
  return null;
}
