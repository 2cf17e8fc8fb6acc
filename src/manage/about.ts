import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { listNodes, listTableSizes, readServerVersion } from '../store/about.ts';
import { VERSION } from '../version.ts';

/** What runs here. */
export interface AboutView {
  version: string;
  /** Of the process that answers. */
  uptimeSeconds: number;
  database: {
    kind: Database['kind'];
    /** Of PostgreSQL. */
    version: string;
    bytes: number;
    /** The largest first, each with its indexes. */
    tables: { name: string; bytes: number }[];
  };
  /** Those that live and send, the oldest first. */
  nodes: {
    id: string;
    startedAt: string;
    lanes: number;
    /** Whether it is the one that answers. */
    isThis: boolean;
  }[];
}

/** Tells those who run the system what it consists of. */
export class About {
  readonly #database: Database;
  readonly #nodeId: string;
  readonly #clock: Clock;
  readonly #startedAt: number;

  constructor(database: Database, nodeId: string, clock: Clock) {
    this.#database = database;
    this.#nodeId = nodeId;
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  async read(): Promise<AboutView> {
    const tables = await listTableSizes(this.#database);
    const nodes = await listNodes(this.#database);
    return {
      version: VERSION,
      uptimeSeconds: Math.max(0, Math.floor((this.#clock.now() - this.#startedAt) / 1000)),
      database: {
        kind: this.#database.kind,
        version: await readServerVersion(this.#database),
        bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
        tables: tables.map(({ name, bytes }) => ({ name, bytes })),
      },
      nodes: nodes.map(({ id, startedAt, lanes }) => ({
        id,
        startedAt: startedAt.toISOString(),
        lanes,
        isThis: id === this.#nodeId,
      })),
    };
  }
}
