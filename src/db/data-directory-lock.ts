import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WaybillError } from '../errors.ts';

interface Holder {
  readonly pid: number;
  /** When that process started, in the system's own terms; undefined where the system doesn't tell. */
  readonly started?: string;
}

const ATTEMPTS = 5;

/**
 * Takes the data directory for this process; PGlite itself would let two processes ruin it. A lock whose
 * process has died (killed, power cut) is stale and taken over. Returns how to give it back.
 *
 * @throws WaybillError `data_dir_in_use`, naming the process that has it.
 */
export function lockDataDirectory(dataDir: string): () => void {
  const path = join(dataDir, 'waybill.lock');
  const mine: Holder = { pid: process.pid, started: processStart(process.pid) };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (create(path, mine)) return () => rmSync(path, { force: true });
    const found = readText(path);
    const holder = found === undefined ? undefined : parse(found);
    if (holder && isAlive(holder, mine)) throw inUse(dataDir, holder.pid);
    if (found !== undefined) setAside(path, found);
  }
  throw inUse(dataDir, undefined);
}

function inUse(dataDir: string, pid: number | undefined): WaybillError {
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  return new WaybillError(
    'data_dir_in_use',
    500,
    `The data directory ${dataDir} is in use by ${who}. Stop that one, name another directory with ` +
      'WAYBILL_DATA_DIR, or use PostgreSQL (DATABASE_URL), which several processes can share.',
  );
}

function create(path: string, holder: Holder): boolean {
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined for what a process wrote that died while writing. */
function parse(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value)) return undefined;
    if (typeof value.pid !== 'number') return undefined;
    const started = 'started' in value && typeof value.started === 'string' ? value.started : undefined;
    return { pid: value.pid, started };
  } catch {
    return undefined;
  }
}

/**
 * Removes a stale lock. Renaming it first makes sure that of two processes that find it only one does; should the
 * other have put its own there meanwhile, that one is put back.
 */
function setAside(path: string, stale: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, path);
    rmSync(aside, { force: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function isAlive(holder: Holder, mine: Holder): boolean {
  // The same number with another start is a process that died, in a container where numbers begin anew.
  if (holder.pid === mine.pid) return holder.started === mine.started;
  const started = processStart(holder.pid);
  if (holder.started !== undefined && started !== undefined && started !== holder.started) return false;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The 22nd field of /proc/PID/stat (proc(5)): start time in clock ticks since boot. Linux only. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
