#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { DESCRIPTION, VERSION } from '../version.ts';
import { addCatalog } from './commands/catalog.ts';
import { addDemo } from './commands/demo.ts';
import { addMigrate } from './commands/migrate.ts';
import { addOwnerLink } from './commands/owner-link.ts';
import { addPublish } from './commands/publish.ts';
import { addServe } from './commands/serve.ts';
import { environmentHelp } from './environment-help.ts';
import { explain } from './explain.ts';

const WRONG_USAGE = 2;
const FAILED = 1;

function createProgram(): Command {
  const program = new Command('waybill')
    .description(`Waybill. ${DESCRIPTION}`)
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    // Behind the name of a command an option is that command's, whatever the program calls its own.
    .enablePositionalOptions()
    // A failure ends in one place, below, and never in the middle of something.
    .exitOverride()
    .showHelpAfterError('(waybill --help, or waybill COMMAND --help, shows how)')
    .addHelpText('after', () => EXAMPLES + environmentHelp());
  // In the order in which they are met.
  for (const add of [addDemo, addServe, addMigrate, addOwnerLink, addPublish, addCatalog]) add(program);
  return program;
}

const EXAMPLES = `
Examples:
  $ waybill demo                                      see it work: nothing to set up, gone after a few seconds
  $ waybill serve                                     serve, with the database in ./.waybill
  $ DATABASE_URL=postgres://… waybill serve           serve, with your PostgreSQL
  $ waybill publish acme order.created --data '{"id":1}'
`;

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what was wrong, or printed the help that was asked for.
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  } else {
    process.stderr.write(`waybill: ${explain(error)}\n`);
    process.exitCode = FAILED;
  }
}
