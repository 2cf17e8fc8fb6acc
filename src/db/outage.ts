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
  'ENOENT',
]);

// node-postgres reports a lost or late connection by message alone.
const OUTAGE_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|timeout expired/;

/** Whether an error of the driver says that the database can't be reached now, and trying later may help. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isOutage);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return OUTAGE_SQLSTATES.test(code) || OUTAGE_SYSTEM_CODES.has(code) || OUTAGE_MESSAGES.test(error.message);
}

/** The SQLSTATE of a database error, if it is one. */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}

export const UNIQUE_VIOLATION = '23505';
