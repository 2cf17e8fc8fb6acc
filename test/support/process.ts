import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { DispatchConfig } from '../../src/config.ts';
import { createApiClient } from './api-client.ts';
import type { TestDatabase } from './database.ts';
import { PLATFORM_KEY, type TestWaybill } from './waybill.ts';

/** A program in a process of its own. It ends, if need be by force, with the test that started it. */
export interface TestProcess {
  readonly pid: number;
  /** What it has written so far, to standard output and standard error alike. */
  output(): string;
  /** Resolves with the exit status, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** As `kill -SIGNAL` does. */
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL: it ends in the middle of whatever it does. */
  kill(): Promise<void>;
}

/** A Waybill in a process of its own, serving. */
export interface WaybillProcess extends TestProcess, Pick<TestWaybill, 'api' | 'url'> {}

const START_TIMEOUT_MS = 30_000;
/** Programs start twice as fast with what Node has compiled before. */
export const COMPILED = { NODE_COMPILE_CACHE: join(tmpdir(), 'waybill-test-compiled') };
const SOURCE = new URL('../../src/', import.meta.url);

/** Runs `node` with these arguments and exactly this environment. */
export function startProcess(args: readonly string[], environment: Record<string, string>): TestProcess {
  const env = { ...COMPILED, PATH: process.env.PATH ?? '', ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = endOf(child);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  return { pid: child.pid ?? 0, output: () => output, ended, signal: (name) => child.kill(name), kill };
}

async function endOf(child: ChildProcess): Promise<number | string> {
  const [code, signal] = await once(child, 'close');
  return code ?? signal;
}

/** `waybill serve` on this database and a free port, allowed to send to this machine over http. */
export function startServe(
  database: TestDatabase,
  environment: Record<string, string> = {},
): Promise<WaybillProcess> {
  const program = fileURLToPath(new URL('cli/main.ts', SOURCE));
  return untilServing(startProcess([program, 'serve'], { ...serveEnvironment(database), ...environment }));
}

/** The environment `waybill serve` gets from `startServe`. */
export function serveEnvironment(database: TestDatabase): Record<string, string> {
  return {
    ...(database.databaseUrl === undefined ? {} : { DATABASE_URL: database.databaseUrl }),
    ...(database.dataDir === undefined ? {} : { WAYBILL_DATA_DIR: database.dataDir }),
    ...(database.encryptionKey === undefined ? {} : { WAYBILL_ENCRYPTION_KEY: database.encryptionKey }),
    WAYBILL_PORT: '0',
    WAYBILL_API_KEY: PLATFORM_KEY,
    WAYBILL_ALLOW_HTTP: '1',
    WAYBILL_EGRESS_ALLOW: '127.0.0.0/8',
  };
}

/** The same through the library, for what the command line doesn't set. */
export function startNode(
  database: TestDatabase,
  dispatch: Partial<DispatchConfig>,
): Promise<WaybillProcess> {
  const program = `
    import { createWaybill } from '${new URL('waybill.ts', SOURCE)}';
    import { startServer } from '${new URL('server.ts', SOURCE)}';
    const waybill = await createWaybill({ dispatch: ${JSON.stringify(dispatch)} });
    await waybill.start();
    const server = await startServer(waybill);
    console.log('Waybill listens on ' + server.url);
  `;
  const environment = serveEnvironment(database);
  return untilServing(startProcess(['--input-type=module', '--eval', program], environment));
}

async function untilServing(started: TestProcess): Promise<WaybillProcess> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const url = /listens on (http:\S+)/.exec(started.output())?.[1];
    if (url) return { ...started, url, api: createApiClient(url, PLATFORM_KEY) };
    const ended = await Promise.race([started.ended, pause()]);
    if (ended === undefined && Date.now() < deadline) continue;
    throw new Error(
      `Waybill ${ended === undefined ? 'did not start' : 'ended'} (${ended}):\n${started.output()}`,
    );
  }
}

function pause(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), 10));
}
