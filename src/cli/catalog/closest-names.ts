const MAX_NAMES = 3;

/** The names somebody may have meant by one that isn't there, the most likely first. */
export function closestNames(wanted: string, names: Iterable<string>): string[] {
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, distance: distanceOf(wanted, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_NAMES)
    .map(({ name }) => name);
}

/** ` Did you mean a, b or c?`, or nothing. */
export function suggestion(wanted: string, names: Iterable<string>): string {
  const found = closestNames(wanted, names);
  const last = found.pop();
  if (last === undefined) return '';
  return ` Did you mean ${found.length > 0 ? `${found.join(', ')} or ${last}` : last}?`;
}

/** Something that is part of a name is nearer to it than its length says. */
function distanceOf(wanted: string, name: string): number {
  const [a, b] = [wanted.toLowerCase(), name.toLowerCase()];
  const whole = editsBetween(a, b);
  return a.length > 2 && b.includes(a) ? Math.min(whole, 2) : whole;
}

/** How many letters must be put in, left out or changed to make one text of another (Levenshtein's distance). */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= to.length; at += 1) {
      const changed = (row[at - 1] ?? 0) + (letter === to[at - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
