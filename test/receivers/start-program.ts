import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';

const START_TIMEOUT_MS = 30_000;

/** A receiver of this folder, in a process of its own that ends with the test. */
export interface Program {
  /** Where it says that it listens. */
  readonly url: string;
  /** What it has written so far, to standard output and standard error alike. */
  output(): string;
}

/** How a receiver of this folder is run. */
export interface Language {
  readonly name: string;
  readonly installed: boolean;
  /** @returns the command, and its arguments */
  command(file: string): string[];
}

function isInstalled(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

export const PYTHON: Language = {
  name: 'Python',
  installed: isInstalled('python3', '--version'),
  command: (file) => ['python3', file],
};

export const NODE: Language = {
  name: 'Node',
  installed: true,
  command: (file) => [process.execPath, file],
};

export const GO: Language = {
  name: 'Go',
  installed: isInstalled('go', 'version'),
  command: (file) => [buildGo(file)],
};

/** `go run` leaves the program running when it is killed itself: so it is built, and run as it is. */
function buildGo(file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-receiver-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'receiver');
  const { status, stderr } = spawnSync('go', ['build', '-o', program, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`go build ${file} failed: ${stderr}`);
  return program;
}

/** Runs a receiver of this folder, and waits until it listens. */
export async function startProgram(
  language: Language,
  file: string,
  environment: Record<string, string>,
): Promise<Program> {
  const [command = '', ...args] = language.command(fileURLToPath(new URL(file, import.meta.url)));
  const env = { PATH: process.env.PATH ?? '', ...environment };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => end(child));
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text;
    });
  }
  const output = (): string => written;
  const url = await eventually(() => {
    if (child.exitCode !== null) throw new Error(`${file} ended: ${written}`);
    return /listens on (https?:\S+)/.exec(written)?.[1];
  }, START_TIMEOUT_MS);
  return { url, output };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
