/** A row of the database, and what it holds as JSON. */
interface Row {
  readonly name: string;
  /** Whose it is, where a name alone doesn't tell. */
  readonly preset?: string | null;
  /** null: there is nothing to be read. */
  readonly document: string | null;
}

/** Reads documents, and remembers what was made of each until it changes or is gone. */
export class DocumentReader<R extends Row, T> {
  readonly #parse: (row: R) => T;
  readonly #onBroken: (name: string, error: unknown) => void;
  #known: ReadonlyMap<string, { readonly document: string; readonly value: T }> = new Map();

  /** @param onBroken told of one that can't be read: what an older version wrote, or a newer one. It is left out */
  constructor(parse: (row: R) => T, onBroken: (name: string, error: unknown) => void) {
    this.#parse = parse;
    this.#onBroken = onBroken;
  }

  /** Of a document that is as it was before, the same value as before. */
  read(rows: readonly R[]): T[] {
    const read = rows.flatMap((row) => {
      const { document } = row;
      const value = document === null ? undefined : this.#read(row, document);
      return document === null || value === undefined ? [] : [[keyOf(row), { document, value }] as const];
    });
    this.#known = new Map(read);
    return read.map(([, { value }]) => value);
  }

  #read(row: R, document: string): T | undefined {
    const before = this.#known.get(keyOf(row));
    if (before?.document === document) return before.value;
    try {
      return this.#parse(row);
    } catch (error) {
      this.#onBroken(row.name, error);
      return undefined;
    }
  }
}

/** Neither the name of a preset nor that of a type holds a space. */
function keyOf({ preset = null, name }: Row): string {
  return `${preset ?? ''} ${name}`;
}
