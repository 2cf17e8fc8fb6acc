import { isOutage } from '../db/outage.ts';
import { WaybillError } from '../errors.ts';
import { codeOf, Failure } from './failure.ts';

/** What to change, by the SQLSTATE of the refusal (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const REFUSALS: Readonly<Record<string, string>> = {
  '28P01': 'The database refused the user name or password. Correct DATABASE_URL.',
  '28000': 'The database does not let this user in from here. Correct DATABASE_URL, or its pg_hba.conf.',
  '3D000': 'Create it (createdb), or correct the name at the end of DATABASE_URL.',
  '42501': 'The user in DATABASE_URL needs the right to create a schema: grant create on database … to …',
};

const FILE_TROUBLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOSPC', 'ENOENT']);

/** Says in a line or two what went wrong and what to change. Never with a password or a stack trace. */
export function explain(error: unknown): string {
  if (error instanceof WaybillError || error instanceof Failure) return error.message;
  return explainDatabase(error) ?? explainFile(error) ?? explainBug(error);
}

function explainDatabase(error: unknown): string | undefined {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  const refusal = REFUSALS[code];
  // "database "x" does not exist", "permission denied …": the server's own words name the thing.
  if (refusal) return code === '3D000' || code === '42501' ? `${sentence(message)} ${refusal}` : refusal;
  if (/client password must be a/.test(message))
    return 'The database wants a password. Add it to DATABASE_URL.';
  if (code === 'ERR_INVALID_URL' || error instanceof URIError) {
    return 'DATABASE_URL is not a valid URL. In user name and password, write / ? # @ % as %2F %3F %23 %40 %25.';
  }
  if (isFileError(error)) return undefined;
  if (isOutage(error)) return `The database cannot be reached (${code || message}). Is DATABASE_URL right?`;
  return undefined;
}

function explainFile(error: unknown): string | undefined {
  if (!isFileError(error)) return undefined;
  return `${sentence(error.message)} Make the data directory writable, or name another with WAYBILL_DATA_DIR.`;
}

/** An error of the file system names a path; one of a connection (ENOENT of a socket, too) was made by connect. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !FILE_TROUBLE.has(codeOf(error))) return false;
  return 'path' in error && 'syscall' in error && error.syscall !== 'connect';
}

function explainBug(error: unknown): string {
  if (!(error instanceof Error)) return `Something unexpected was thrown: ${String(error)}`;
  if (/^(debug|trace)$/.test(process.env.WAYBILL_LOG_LEVEL ?? '')) return error.stack ?? error.message;
  return `${sentence(error.message || error.name)} (WAYBILL_LOG_LEVEL=debug shows where it comes from.)`;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
