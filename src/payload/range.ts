/** The name of a field or of a collection, part by part: `Order.OrderCode`. */
export type FieldPath = readonly string[];

/** What a range asks for: a condition on a field, or the entries of a collection. */
export type Range =
  | {
      readonly kind: 'condition';
      readonly path: FieldPath;
      /** The text between the apostrophes; null: only whether there is a value. */
      readonly equals: string | null;
    }
  | { readonly kind: 'collection'; readonly path: FieldPath };

const PATH = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u;

const CONDITION = /^\$\$([^$]+)\$\$(?:\s*=\s*'((?:[^']|'')*)')?$/;

/** Reads `Order.OrderCode`; undefined if it isn't the name of a field. */
export function readPath(text: string): FieldPath | undefined {
  return PATH.test(text) ? text.split('.') : undefined;
}

/** Reads what stands behind `RangeStart:`; undefined if it is neither a condition nor a collection. */
export function readRange(text: string): Range | undefined {
  const condition = CONDITION.exec(text);
  const path = readPath((condition?.[1] ?? text).trim());
  if (path === undefined) return undefined;
  if (!condition) return { kind: 'collection', path };
  return { kind: 'condition', path, equals: condition[2]?.replaceAll("''", "'") ?? null };
}

/** Whether an end belongs to a start: names are compared without regard to case. */
export function isSameRange(start: Range, end: Range): boolean {
  return rangeKey(start) === rangeKey(end);
}

function rangeKey(range: Range): string {
  const path = range.path.join('.').toLowerCase();
  return range.kind === 'condition' ? JSON.stringify([path, range.equals]) : path;
}

/** As it is written. */
export function rangeText(range: Range): string {
  const path = range.path.join('.');
  if (range.kind === 'collection') return path;
  return `$$${path}$$${range.equals === null ? '' : `='${range.equals.replaceAll("'", "''")}'`}`;
}
