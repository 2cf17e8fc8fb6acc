/** A row as the drivers give it: column names to values. */
export type Row = Record<string, unknown>;

/**
 * Anything SQL can be sent to: a `pg` client or pool, PGlite, or an adapter of a query builder.
 * Values are bound as `$1`, `$2`, …; rows come back as objects.
 */
export interface Queryable {
  query<R extends Row = Row>(text: string, values?: unknown[]): Promise<{ rows: R[] }>;
}

/** A transaction under way. `exec` runs several statements without values, as a migration does. */
export interface Transaction extends Queryable {
  exec(text: string): Promise<void>;
}

/** One PostgreSQL, on a server or in this process. All of Waybill talks to it through this. */
export interface Database extends Queryable {
  readonly kind: 'postgres' | 'embedded';
  /** Commits when `work` resolves, rolls back and throws on when it rejects. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Calls `onPayload` for each NOTIFY on `channel`, reconnecting by itself. What was notified while the
   * connection was lost is lost too: listeners poll as well. Returns how to stop.
   */
  listen(channel: string, onPayload: (payload: string) => void): Promise<() => Promise<void>>;
  /** How many connections are in use and how many aren't, and what waits for one; null: there is no pool. */
  connections(): { readonly busy: number; readonly idle: number; readonly waiting: number } | null;
  close(): Promise<void>;
}
