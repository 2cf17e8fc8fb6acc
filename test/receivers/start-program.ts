import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
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

export const PYTHON_WITH_PIP: Language = {
  ...PYTHON,
  name: 'Python, by the official library',
  installed: isInstalled('python3', '-m', 'pip', '--version'),
};

export const PYTHON_WITH_OPENSSL: Language = {
  ...PYTHON,
  name: 'Python and OpenSSL',
  // Of those before 3, `pkeyutl` does not take an Ed25519 signature over a whole message.
  installed:
    PYTHON.installed &&
    /^OpenSSL 3/.test(spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? ''),
};

export const NODE: Language = {
  name: 'Node',
  installed: true,
  command: (file) => [process.execPath, file],
};

export const GO: Language = {
  name: 'Go',
  installed: isInstalled('go', 'version'),
  command: (file) => [buildGo(dirname(file), basename(file))],
};

/** A folder with a go.mod of its own: what it needs comes from Go's module proxy. */
export const GO_MODULE: Language = {
  name: 'Go, by the official library',
  installed: GO.installed,
  command: (folder) => [buildGo(folder, '.')],
};

/** Its compiler as well: a receiver is run from its source. */
export const JAVA: Language = {
  name: 'Java',
  installed: isInstalled('javac', '-version'),
  command: (file) => ['java', file],
};

/** What is added to the title of a test that can't run here, so that whoever reads the report sees why. */
export function missing({ name, installed }: Language): string {
  return installed ? '' : ` (skipped: ${name} is not installed here)`;
}

/** `go run` leaves the program running when it is killed itself: so it is built, and run as it is. */
function buildGo(cwd: string, what: string): string {
  const program = join(temporaryFolder(), 'receiver');
  const args = ['build', '-buildvcs=false', '-o', program, what];
  const { status, stderr } = spawnSync('go', args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`go build ${what} failed in ${cwd}: ${stderr}`);
  return program;
}

/**
 * Installs packages of PyPI for one test.
 *
 * @returns the environment that makes Python find them
 */
export function installPython(...packages: readonly string[]): Record<string, string> {
  const folder = temporaryFolder();
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--target',
    folder,
    ...packages,
  ];
  const { status, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`pip install ${packages.join(' ')} failed: ${stderr}`);
  return { PYTHONPATH: folder };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-receiver-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
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
