import type { Command } from 'commander';
import type { Logger } from 'pino';
import { type Config, loadConfig } from '../../config.ts';
import { createLog } from '../../log.ts';
import { resolveEncryptionKey } from '../../secrets/encryption-key-file.ts';
import { createKeyring } from '../../secrets/keyring.ts';
import { createWaybill, type Waybill } from '../../waybill.ts';
import { databaseName } from '../database-name.ts';
import { environmentHelp } from '../environment-help.ts';
import { listen } from '../listen.ts';
import { addDatabaseOptions, addListenOptions, addPresetOption, type Settings } from '../settings.ts';
import { aborted, shutdownSignal } from '../shutdown-signal.ts';
import { type Patience, whenReachable } from '../when-reachable.ts';

const HELP = `
Serves the HTTP API and sends what is due. Waits for the database if it is not there yet. The first start
prints the platform's API key and the link that makes its owner, once. Ctrl-C or SIGTERM stops it in order: requests under way end, nothing is
lost; a second one stops it at once.

Examples:
  $ waybill serve
  $ waybill serve --port 8080 --data-dir /var/lib/waybill
  $ waybill serve --preset ./acme.json
  $ DATABASE_URL=postgres://waybill:…@db/waybill WAYBILL_ENCRYPTION_KEY=… waybill serve --host 0.0.0.0
`;

const EXIT_LIMIT_MS = 1_000;

/** `waybill serve` */
export function addServe(program: Command): void {
  const command = program.command('serve').description('serve the HTTP API and send webhooks');
  addPresetOption(addDatabaseOptions(addListenOptions(command)))
    .addHelpText('after', () => HELP + environmentHelp())
    .action((settings: Settings) => serve(settings));
}

async function serve(settings: Settings): Promise<void> {
  const signal = shutdownSignal();
  const config = loadConfig(settings, process.env);
  checkEncryptionKey(config);
  const log = createLog(config.logLevel);
  endOnCrash(log);
  const patience: Patience = { databaseUrl: config.databaseUrl, signal, say: complain };
  const waybill = await whenReachable(() => createWaybill({ ...settings, logger: log }), patience);
  if (!waybill) return;
  try {
    await run(waybill, patience);
  } finally {
    await waybill.stop();
    // What a database that no longer answers keeps open must not keep the process alive.
    setTimeout(() => process.exit(), EXIT_LIMIT_MS).unref();
  }
}

async function run(waybill: Waybill, patience: Patience): Promise<void> {
  const { config, apiKeys, people } = waybill;
  // First of all: where the port is taken nothing may be sent, and no key be shown that nobody will see again.
  const server = await listen(waybill);
  try {
    if (config.apiKey === undefined) await showNewKey(() => apiKeys.ensurePlatformKey(undefined), patience);
    const base = config.publicUrl ?? server.url;
    await showOwnerLink(() => people.ownerLink.first(base), patience);
    await whenReachable(() => waybill.start(), patience);
    if (patience.signal.aborted) return;
    say(`Waybill listens on ${server.url}`);
    say(`Its data is in ${whereDataIs(config)}`);
    const { instancePreset } = waybill.catalogs;
    if (instancePreset !== null) say(`It is ${waybill.catalogs.preset(instancePreset)?.title}`);
    await aborted(patience.signal);
    say('Stopping: requests under way end first.');
  } finally {
    await server.close();
  }
}

async function showNewKey(ensure: () => Promise<string | undefined>, patience: Patience): Promise<void> {
  const key = await whenReachable(ensure, patience);
  if (key !== undefined) say(`\nYour API key, shown this once; keep it safe:\n\n    ${key}\n`);
}

async function showOwnerLink(first: () => Promise<string | undefined>, patience: Patience): Promise<void> {
  const link = await whenReachable(first, patience);
  if (link !== undefined) say(`\nBecome the owner, by this link that works once:\n\n    ${link}\n`);
}

/** A key that can't be right is told of now, not after the database has been waited for. */
function checkEncryptionKey(config: Config): void {
  if (config.databaseUrl !== undefined || config.encryptionKey !== undefined) {
    createKeyring(resolveEncryptionKey(config));
  }
}

/** After an error nobody expected, memory can't be trusted; the database can. */
function endOnCrash(log: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    try {
      log.fatal({ err: error, origin }, 'crashed');
    } finally {
      process.exit(1);
    }
  });
}

function whereDataIs(config: Config): string {
  if (config.databaseUrl === undefined) return `${config.dataDir} (embedded PostgreSQL)`;
  return `PostgreSQL, ${databaseName(config.databaseUrl)}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`waybill: ${line}\n`);
}
