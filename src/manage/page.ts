/** Which part of a list is asked for. */
export interface PageRequest {
  /** The id the last page ended with. */
  readonly after: string | null;
  readonly limit: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The id to go on after; null: that was all. */
  readonly next: string | null;
}

/** Makes a page of rows of which one more was read than was asked for. */
export function pageOf<Row>(rows: readonly Row[], limit: number, idOf: (row: Row) => string): Page<Row> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last ? idOf(last) : null };
}
