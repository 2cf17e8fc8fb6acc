import type { Command } from 'commander';
import { builtInPresets } from '../../catalog/built-in.ts';
import type { EventType } from '../../catalog/event-type.ts';
import { type Preset, payloadVersionsOf } from '../../catalog/preset.ts';
import { findPreset } from './find-preset.ts';
import { columns, heading, indented, say, sayJson } from './print.ts';

const HELP = `
Without PRESET: the presets that come along. With it: its event types, group by group.

Examples:
  $ waybill catalog list
  $ waybill catalog list ./acme.json
`;

// Names may be long, and all of them are to be read.
const NAME_WIDTH = 72;

/** `waybill catalog list` */
export function addList(catalog: Command): void {
  catalog
    .command('list')
    .description('list the presets there are, or the event types of one')
    .argument('[preset]', 'the name of a preset, or a file or folder with one')
    .option('--json', 'for programs')
    .addHelpText('after', HELP)
    .action((reference: string | undefined, { json = false }: { json?: boolean }) => {
      if (reference === undefined) {
        const presets = [...builtInPresets().values()].sort((a, b) => (a.name < b.name ? -1 : 1));
        if (json) sayJson(presets.map(presetView));
        else listPresets(presets);
      } else {
        const preset = findPreset(reference);
        if (json) sayJson([...preset.eventTypes.values()].map(typeView));
        else listEventTypes(preset);
      }
    });
}

function listPresets(presets: readonly Preset[]): void {
  const rows = presets.map((preset) => {
    const { name, title, eventTypes } = preset;
    return [
      name,
      title,
      String(eventTypes.size),
      versionsText(payloadVersionsOf(preset), preset.payloadVersion),
    ];
  });
  const [head = '', ...lines] = columns([['PRESET', 'TITLE', 'EVENT TYPES', 'PAYLOAD VERSIONS'], ...rows]);
  for (const line of [heading(head), ...lines]) say(line);
}

function presetView(preset: Preset) {
  const { name, title, description, eventTypes, payloadVersion } = preset;
  return {
    name,
    title,
    description,
    eventTypes: eventTypes.size,
    payloadVersion,
    payloadVersions: payloadVersionsOf(preset),
  };
}

function typeView({ name, group, title, description, deprecated, versions }: EventType) {
  return { name, group, title, description, deprecated, versions: [...versions.keys()] };
}

function listEventTypes(preset: Preset): void {
  const types = [...preset.eventTypes.values()];
  if (types.length === 0) say(`${preset.name} has no event types.`);
  const groups = Map.groupBy(types, ({ group }) => group ?? 'Without a group');
  // Of all groups at once, so that their columns are the same.
  const lines = columns(
    types.map((type) => rowOf(type, preset.payloadVersion)),
    NAME_WIDTH,
  );
  const lineOf = new Map(types.map((type, index) => [type, lines[index] ?? '']));
  [...groups].forEach(([group, members], index) => {
    if (index > 0) say();
    say(heading(group));
    for (const line of indented(members.map((type) => lineOf.get(type) ?? ''))) say(line);
  });
}

function rowOf({ name, title, versions, deprecated }: EventType, usual: string | null): string[] {
  return [name, title ?? '', versionsText([...versions.keys()], usual), deprecated ? 'deprecated' : ''];
}

/** Versions in a line, with a mark at the one webhooks get that pin none. */
export function versionsText(versions: readonly string[], usual: string | null): string {
  return versions.map((version) => (version === usual ? `${version} (usual)` : version)).join(', ');
}
