import type { Command } from 'commander';
import { flawText, profileText, readPreset } from './find-preset.ts';
import { counted, say } from './print.ts';

const HELP = `
Judges presets as a server does that is to take them: their form, every schema and template, every sample
against its schemas. Tells each flaw with its file and place; then the exit status is 1.

Examples:
  $ waybill catalog check acme.json
  $ waybill catalog check presets/*
`;

/** `waybill catalog check` */
export function addCheck(catalog: Command): void {
  catalog
    .command('check')
    .description('check presets in files and folders')
    .argument('<path...>', 'a file, or a folder with preset.json and event-types/*.json')
    .addHelpText('after', HELP)
    .action((paths: string[]) => {
      const isGood = paths.map(check).every((good) => good);
      if (!isGood) process.exitCode = 1;
    });
}

/** Returns whether there is nothing wrong with it. */
function check(path: string): boolean {
  const found = readPreset(path);
  if ('flaws' in found) {
    for (const flaw of found.flaws) process.stderr.write(`${flawText(flaw)}\n`);
    return false;
  }
  const { preset } = found;
  say(`${path}: good: ${counted(preset.eventTypes.size, 'event type')}, ${profileText(preset)}`);
  return true;
}
