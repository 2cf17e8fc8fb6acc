import { execFile, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { payloadSchema, projectPayload } from '../../src/profile/payload-fields.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { serveEnvironment, startProcess, startServe } from '../support/process.ts';
import { startReceiver } from '../support/receiver.ts';
import { PLATFORM_KEY, startTestWaybill } from '../support/waybill.ts';

// What the guides tell a reader to do is done here: their commands in a shell, one after the other, and what comes
// of them compared with what they show.

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MAIN = root('src/cli/main.ts');
const EXAMPLE = root('examples/own-preset/acme.json');
const SECRET = 'a-shared-secret';
const canRun = ['bash', 'curl', 'openssl'].every(
  (name) => spawnSync(name, ['--version']).error === undefined,
);

interface Block {
  /** `sh`, `json`; empty for what a command prints. */
  readonly language: string;
  readonly text: string;
}

function blocksOf(guide: string): Block[] {
  const markdown = readFileSync(root(`docs/guides/${guide}`), 'utf8');
  return [...markdown.matchAll(/```(\w*)\n(.*?)```/gs)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

/** What a reader has before them: a folder with the examples, and the command `waybill`. */
function makeDesk(): string {
  const desk = mkdtempSync(join(tmpdir(), 'waybill-guide-'));
  onTestFinished(() => rmSync(desk, { recursive: true, force: true }));
  symlinkSync(root('examples'), join(desk, 'examples'));
  cpSync(EXAMPLE, join(desk, 'acme.json'));
  writeFileSync(join(desk, 'waybill'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(desk, 'waybill'), 0o755);
  return desk;
}

/** A shell in which a guide's addresses lead to servers of this test, and its ids (`evt_…`) are those last seen. */
class Shell {
  readonly #desk: string;
  readonly #places: Readonly<Record<string, string>>;
  readonly #ids = new Map<string, string>();

  constructor(desk: string, places: Readonly<Record<string, string>>) {
    this.#desk = desk;
    this.#places = places;
  }

  /** @returns what the commands print, to standard output and standard error alike */
  async run(commands: string): Promise<string> {
    let script = commands.replaceAll(/([a-z]+)_…/g, (text, prefix) => this.#ids.get(prefix) ?? text);
    for (const [place, real] of Object.entries(this.#places)) script = script.replaceAll(place, real);
    const env = {
      PATH: `${this.#desk}:${process.env.PATH}`,
      WAYBILL_API_KEY: PLATFORM_KEY,
      WAYBILL_PORT: new URL(this.#places['http://127.0.0.1:4400'] ?? '').port,
    };
    // The key of the guide is that of its own server.
    const own = script.replace(/^export WAYBILL_API_KEY=.*$/m, '');
    const options = { cwd: this.#desk, env };
    const printed = await new Promise<string>((resolve) => {
      execFile('bash', ['-c', `exec 2>&1\n${own}`], options, (_error, stdout) => resolve(stdout));
    });
    for (const [id, prefix = ''] of printed.matchAll(/\b([a-z]+)_[0-9a-f]{32}\b/g)) this.#ids.set(prefix, id);
    return printed;
  }

  /** Runs them, and compares what they print with what is shown. What only asks may have to ask again. */
  async show(commands: string, shown: string): Promise<void> {
    const pattern = patternOf(shown);
    const look = async (): Promise<true> => {
      expect(await this.run(commands)).toMatch(pattern);
      return true;
    };
    await (/-X|-d|waybill/.test(commands) ? look() : eventually(look));
  }
}

/** `…` stands for a part, and a line may end where another answer begins. */
function patternOf(shown: string): RegExp {
  const parts = shown
    .trim()
    .split('…')
    .map((part) => RegExp.escape(part).replaceAll('\\n', '\\s*'));
  return new RegExp(`^\\s*${parts.join('[^]*?')}\\s*$`);
}

/** Runs all commands of a guide but those another terminal runs on and on. */
async function follow(
  guide: string,
  shell: Shell,
  before: (commands: string) => Promise<void>,
): Promise<void> {
  const blocks = blocksOf(guide);
  for (const [index, { language, text }] of blocks.entries()) {
    if (language !== 'sh' || isLasting(text)) continue;
    await before(text);
    const next = blocks[index + 1];
    if (next?.language === '' && !next.text.startsWith('X-Acme')) await shell.show(text, next.text);
    else await shell.run(text);
  }
}

const isLasting = (commands: string): boolean => /waybill serve|receiver\.ts/.test(commands);

function hmac(time: string | undefined, body: string): string {
  return createHmac('sha256', SECRET).update(`${time}.${body}`).digest('hex');
}
