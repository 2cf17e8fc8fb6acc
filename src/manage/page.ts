/** Which part of a list is asked for. */
export interface PageRequest {
  /** `next` of the page before; null or left out: from the beginning. */
  readonly after?: string | null;
  /** How many at most. Default 50. */
  readonly limit?: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** What to go on after; null: that was all. */
  readonly next: string | null;
  /** Of a search alone: the data of what is newer has been looked at; null: all of it. */
  readonly lookedBackTo?: string | null;
}

export const DEFAULT_LIMIT = 50;

/**
 * Reads a page: one row more than is asked for, which tells whether there is another.
 *
 * @param read gets the id to go on after and how many rows to read
 */
export async function readPage<Row extends { readonly id: string }, Item>(
  request: PageRequest,
  read: (after: string | null, limit: number) => Promise<readonly Row[]>,
  view: (row: Row) => Item,
): Promise<Page<Item>> {
  const limit = request.limit ?? DEFAULT_LIMIT;
  const rows = await read(request.after ?? null, limit + 1);
  const shown = rows.slice(0, limit);
  return { items: shown.map(view), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

/** What was read by ids, in the order of the ids; what is gone by now is left out. */
export function inOrder<Row extends { readonly id: string }>(
  ids: readonly string[],
  rows: readonly Row[],
): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
