import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { builtInPresets } from '../../catalog/built-in.ts';
import type { Preset } from '../../catalog/preset.ts';
import { Failure } from '../failure.ts';
import { suggestion } from './closest-names.ts';
import { findPreset } from './find-preset.ts';
import { say, sayJson } from './print.ts';
import { eventTypeJson, type ShownType, showEventType } from './show-event-type.ts';
import { presetJson, showPreset } from './show-preset.ts';

const HELP = `
NAME is an event type, which is shown in every preset that has it; or a preset, whose wire format is told in
words; or a file or folder with a preset.

Examples:
  $ waybill catalog show order.delivered
  $ waybill catalog show order.delivered --preset acme --version 2026-04
  $ waybill catalog show delivery.created --preset ./acme.json
  $ waybill catalog show ./acme.json
`;

interface Flags {
  readonly preset?: string;
  readonly version?: string;
  readonly json?: boolean;
}

/** `waybill catalog show` */
export function addShow(catalog: Command): void {
  catalog
    .command('show')
    .description('show an event type, or a preset')
    .argument('<name>', 'an event type, or a preset')
    .option('--preset <preset>', 'the name of the preset to look in, or a file or folder with one')
    .option('--version <version>', 'what is sent in this version of payloads')
    .option('--json', 'for programs')
    .addHelpText('after', HELP)
    .action((name: string, flags: Flags) => show(name, flags));
}

function show(name: string, { preset, version, json = false }: Flags): void {
  if (preset === undefined && (builtInPresets().has(name) || existsSync(name))) {
    if (version !== undefined) throw new Failure(`${name} is a preset: --version is for event types.`);
    if (json) sayJson(presetJson(findPreset(name)));
    else showPreset(findPreset(name));
    return;
  }
  const presets = preset === undefined ? [...builtInPresets().values()] : [findPreset(preset)];
  const found = findTypes(name, presets, version ?? null, preset === undefined);
  if (json) sayJson(found.map(eventTypeJson));
  else found.forEach(showNext);
}

function showNext(shown: ShownType, index: number): void {
  if (index > 0) say('\n');
  showEventType(shown);
}

/** The event type in each of these presets that has it, in this version. @throws Failure if none has */
function findTypes(
  name: string,
  presets: readonly Preset[],
  version: string | null,
  isOpen: boolean,
): ShownType[] {
  const found = presets.flatMap((preset): ShownType[] => {
    const type = preset.eventTypes.get(name);
    return type ? [{ preset, type, version }] : [];
  });
  if (found.length === 0) throw unknownName(name, presets, isOpen);
  const fitting = found.filter(({ type }) => version === null || type.versions.has(version));
  if (fitting.length > 0) return fitting;
  const versions = [...new Set(found.flatMap(({ type }) => [...type.versions.keys()]))];
  const known = versions.length === 0 ? 'It has none' : `It has ${versions.join(', ')}`;
  throw new Failure(`${name} has no payload version ${version}. ${known}.`);
}

function unknownName(name: string, presets: readonly Preset[], isOpen: boolean): Failure {
  const types = presets.flatMap(({ eventTypes }) => [...eventTypes.keys()]);
  const names = isOpen ? [...types, ...presets.map((preset) => preset.name)] : types;
  const where = isOpen
    ? 'event type or preset'
    : `event type in ${presets.map((preset) => preset.name).join()}`;
  return new Failure(`There is no ${where} named ${name}.${suggestion(name, names)}`);
}
