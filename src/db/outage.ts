/** SQLSTATE classes and codes that mean "not now": connection trouble, shutting down, out of connections. */
const OUTAGE_SQLSTATES = /^(08...|57P0[1-5]|53[0-4]00|25006|40001|40P01)$/;

const OUTAGE_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

// node-postgres reports a lost or late connection by message alone.
const OUTAGE_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|timeout expired/;

/** Whether an error of the driver says that the database can't be reached now, and trying later may help. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isOutage);
  const code = sqlState(error) ?? '';
  // A Unix socket that isn't there; of a file it would mean something else.
  if (code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect';
  return OUTAGE_SQLSTATES.test(code) || OUTAGE_SYSTEM_CODES.has(code) || OUTAGE_MESSAGES.test(error.message);
}

/** The code of an error: SQLSTATE of a database error, or that of the system. */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}

export const UNIQUE_VIOLATION = '23505';
export const LOCK_TIMEOUT = '55P03';
export const DEADLOCK = '40P01';
export const SERIALIZATION_FAILURE = '40001';
export const NOT_IN_TRANSACTION = '25P01';

/** How the log is told of an error: an outage in one line, as its stack trace tells nothing; all else in full. */
export function logged(error: unknown): { reason: string } | { err: unknown } {
  return isOutage(error) ? { reason: reasonOf(error) } : { err: error };
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
