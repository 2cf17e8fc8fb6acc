import type { Command } from 'commander';
import { addCheck } from '../catalog/check.ts';
import { addDiff } from '../catalog/diff.ts';
import { addImport } from '../catalog/import.ts';
import { addList } from '../catalog/list.ts';
import { endWithReader } from '../catalog/print.ts';
import { addShow } from '../catalog/show.ts';

const HELP = `
A preset is a system that Waybill can be: a wire format, event types with their schemas, and policies under one
name. Some come along; a platform's own is a JSON file, or a folder with preset.json and event-types/*.json.

Examples:
  $ waybill catalog list
  $ waybill catalog show order.delivered
  $ waybill catalog check acme.json
  $ waybill catalog diff acme.json next.json
  $ waybill catalog import acme.json
`;

/** `waybill catalog` */
export function addCatalog(program: Command): void {
  const catalog = program
    .command('catalog')
    .description('look at presets and event types, check, compare and import them')
    .addHelpText('after', HELP)
    .hook('preAction', endWithReader);
  for (const add of [addList, addShow, addCheck, addDiff, addImport]) add(catalog);
}
