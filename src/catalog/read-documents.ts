/** A row of the database, and what it holds as JSON. */
interface Row {
  readonly name: string;
  readonly document: string | null;
}

/** Reads documents, and remembers what was made of each until it changes or is gone. */
export class DocumentReader<T> {
  readonly #parse: (document: string) => T;
  readonly #onBroken: (name: string, error: unknown) => void;
  #known: ReadonlyMap<string, { readonly document: string; readonly value: T }> = new Map();

  /** @param onBroken told of one that can't be read: what an older version wrote, or a newer one. It is left out */
  constructor(parse: (document: string) => T, onBroken: (name: string, error: unknown) => void) {
    this.#parse = parse;
    this.#onBroken = onBroken;
  }

  /** By name. Of a document that is as it was before, the same value as before. */
  read(rows: readonly Row[]): ReadonlyMap<string, T> {
    const read = rows.flatMap(({ name, document }) => {
      const value = document === null ? undefined : this.#read(name, document);
      return document === null || value === undefined ? [] : [[name, { document, value }] as const];
    });
    this.#known = new Map(read);
    return new Map(read.map(([name, { value }]) => [name, value]));
  }

  #read(name: string, document: string): T | undefined {
    const before = this.#known.get(name);
    if (before?.document === document) return before.value;
    try {
      return this.#parse(document);
    } catch (error) {
      this.#onBroken(name, error);
      return undefined;
    }
  }
}
