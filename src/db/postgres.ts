import pg from 'pg';
import type { Database, Queryable, Row, Transaction } from './database.ts';
import { preparedName } from './prepared.ts';

export interface PostgresOptions {
  readonly connectionString: string;
  readonly maxConnections: number;
  /** Told of errors that belong to no query: an idle connection that broke. */
  readonly onError: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const LISTEN_RETRY_MS = 1_000;

/** A PostgreSQL server, through a pool of connections. Opens nothing before the first query. */
export function openPostgres(options: PostgresOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'waybill',
    keepAlive: true,
  });
  pool.on('error', options.onError);
  return {
    kind: 'postgres',
    query: <R extends Row>(text: string, values?: unknown[]) => send<R>(pool, text, values),
    transaction: (work) => inTransaction(pool, work),
    listen: (channel, onPayload) => listen(options, channel, onPayload),
    connections: () => ({
      busy: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => pool.end(),
  };
}

function send<R extends Row>(
  to: Pick<pg.Pool, 'query'>,
  text: string,
  values: unknown[] | undefined,
): Promise<pg.QueryResult<R>> {
  const name = preparedName(text);
  return name === undefined
    ? to.query<R>(text, values)
    : to.query<R>({ name, text, ...(values && { values }) });
}

async function inTransaction<T>(pool: pg.Pool, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens only to connections that are idle; an error nobody listens to would end the process.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work(transactionOf(client));
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection that can't even roll back is thrown away, not given back to the pool.
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

function transactionOf(client: pg.PoolClient): Transaction {
  const query: Queryable['query'] = <R extends Row>(text: string, values?: unknown[]) =>
    send<R>(client, text, values);
  return {
    query,
    exec: async (text) => {
      await client.query(text);
    },
  };
}

/** One connection that only listens; when it breaks, a new one is tried every second until it stands. */
async function listen(
  options: PostgresOptions,
  channel: string,
  onPayload: (payload: string) => void,
): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const again = (): void => {
    client = undefined;
    if (stopped) return;
    timer = setTimeout(() => void connect(), LISTEN_RETRY_MS);
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: options.connectionString,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'waybill listen',
      keepAlive: true,
    });
    let over = false;
    const lost = (error?: Error): void => {
      if (over) return;
      over = true;
      if (error && !stopped) options.onError(error);
      next.end().catch(() => undefined);
      again();
    };
    next.on('error', lost);
    next.on('end', () => lost());
    next.on('notification', (message) => onPayload(message.payload ?? ''));
    try {
      await next.connect();
      // A connection that is being made can't be called off: it is ended as soon as it stands.
      if (stopped) return await next.end();
      client = next;
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      lost(error instanceof Error ? error : new Error(String(error)));
    }
  };

  await connect();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client?.end();
  };
}
