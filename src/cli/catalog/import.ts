import { type Command, Option } from 'commander';
import { z } from 'zod';
import { builtInPresets } from '../../catalog/built-in.ts';
import { parse, postToApi, Refusal, strangeAnswer, type Target } from '../api-request.ts';
import { Failure } from '../failure.ts';
import { findFilePreset } from './find-preset.ts';
import { counted, say } from './print.ts';

const HELP = `
Imports a preset into a running server. Of one that comes along its NAME is enough: its event types are then
known to all accounts that have no preset of their own. One of the platform's own, in a file or a folder, is
checked here first, and then put in the place of the one of its name.

Examples:
  $ export WAYBILL_API_KEY=wbk_…
  $ waybill catalog import acme.json
  $ waybill catalog import presets/acme --url https://hooks.acme.example
`;

interface Flags {
  readonly url: string;
  readonly key?: string;
}

const answerSchema = z.object({ preset: z.string(), eventTypes: z.int(), profile: z.boolean() });

/** `waybill catalog import` */
export function addImport(catalog: Command): void {
  catalog
    .command('import')
    .description('import a preset into a running server')
    .argument('<preset>', 'the name of a preset that comes along, or a file or folder with one')
    .option('--url <url>', 'the server', `http://127.0.0.1:${process.env.WAYBILL_PORT || 4400}`)
    .addOption(
      new Option('--key <key>', 'the API key; the variable hides it from "ps"').env('WAYBILL_API_KEY'),
    )
    .addHelpText('after', HELP)
    .action((reference: string, { url, key }: Flags, command: Command) => {
      if (!URL.canParse(url) || !/^https?:/.test(url)) command.error(`error: --url must be a URL: ${url}`);
      if (!key) return command.error('error: no API key: give --key, or set WAYBILL_API_KEY');
      return importPreset(reference, { url, key });
    });
}

async function importPreset(reference: string, target: Target): Promise<void> {
  const isBuiltIn = builtInPresets().has(reference);
  const found = isBuiltIn ? undefined : findFilePreset(reference);
  const name = found?.preset.name ?? reference;
  const answer = await postPreset(target, name, found && JSON.stringify(found.document));
  const imported = answerSchema.safeParse(parse(answer));
  if (!imported.success) throw strangeAnswer(200);
  const { preset, eventTypes, profile } = imported.data;
  say(`Imported ${preset}: ${counted(eventTypes, 'event type')}${profile ? ', profile of its own' : ''}.`);
}

async function postPreset(target: Target, name: string, body: string | undefined): Promise<string> {
  try {
    const path = `v1/catalogs/${encodeURIComponent(name)}/import`;
    return await postToApi(target, path, body, 'Whether it imported the preset is not known.');
  } catch (error) {
    if (!(error instanceof Refusal) || error.errors.length === 0) throw error;
    const lines = error.errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    throw new Failure([error.message, ...lines].join('\n'), error);
  }
}
