import type { Command } from 'commander';
import { createLog } from '../../log.ts';
import { createWaybill } from '../../waybill.ts';
import { environmentHelp } from '../environment-help.ts';
import { addDatabaseOptions, addListenOptions, type Settings } from '../settings.ts';

const HELP = `
Prints a new link that makes the owner, who then invites others. That of before no longer works. There is
none once somebody is the owner. With the embedded database, stop "waybill serve" first, or ask it instead:
POST /v1/owner-link with the platform's key.

Example:
  $ DATABASE_URL=postgres://… waybill owner-link
`;

/** `waybill owner-link` */
export function addOwnerLink(program: Command): void {
  const command = program.command('owner-link').description('print a new link that makes the owner');
  addDatabaseOptions(addListenOptions(command))
    .addHelpText(
      'after',
      () => HELP + environmentHelp('DATABASE_URL', 'WAYBILL_DATA_DIR', 'WAYBILL_PUBLIC_URL'),
    )
    .action((settings: Settings) => run(settings));
}

async function run(settings: Settings): Promise<void> {
  const waybill = await createWaybill({ ...settings, logger: createLog('silent') });
  try {
    process.stdout.write(`${await waybill.people.ownerLink.renew()}\n`);
  } finally {
    await waybill.stop();
  }
}
