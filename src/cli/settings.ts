import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ConfigOptions } from '../config.ts';

/** The settings that may be given on the command line; each wins over its environment variable. */
export type Settings = Pick<ConfigOptions, 'host' | 'port' | 'databaseUrl' | 'dataDir' | 'preset'>;

/** Adds the options that say where the data is. */
export function addDatabaseOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--database-url <url>', 'PostgreSQL to use; the variable hides it from "ps" (DATABASE_URL)'),
    )
    .addOption(new Option('--data-dir <path>', 'data directory without PostgreSQL (WAYBILL_DATA_DIR)'));
}

/** Adds the options that say where to listen. */
export function addListenOptions(command: Command): Command {
  return command
    .addOption(new Option('--host <address>', 'address to listen on (WAYBILL_HOST)'))
    .addOption(new Option('--port <number>', 'port to listen on (WAYBILL_PORT)').argParser(parsePort));
}

/** Adds the option that says which system the instance is. */
export function addPresetOption(command: Command): Command {
  return command.addOption(
    new Option('--preset <name-or-file>', 'the system to be: a preset, or a file with one (WAYBILL_PRESET)'),
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError('It must be a port number from 0 to 65535.');
}
