import { styleText } from 'node:util';
import type { Command } from 'commander';
import { diffPresets } from '../../catalog/diff.ts';
import { type Finding, isBreaking } from '../../catalog/diff-finding.ts';
import { findVersion, type VersionedPreset } from './find-preset.ts';
import { columns, counted, heading, indented, say, sayJson } from './print.ts';

const HELP = `
Tells what receivers meet when they get the webhooks of NEW in the place of those of OLD: what of it breaks
them, and what they needn't notice. Each is the name of a preset, or a file or folder with one; with @VERSION
behind it, as a webhook gets it that pins this version of payloads. "./acme" is a file where "acme" is a name.

The exit status is 0 if nothing breaks, and 1 if something does.

Examples:
  $ waybill catalog diff acme@2025-10 acme@2026-04
  $ waybill catalog diff acme.json next.json
  $ git show main:acme.json > old.json && waybill catalog diff old.json acme.json
`;

/** `waybill catalog diff` */
export function addDiff(catalog: Command): void {
  catalog
    .command('diff')
    .description('tell what breaks receivers between two presets, or two versions of payloads')
    .argument('<old>', 'what receivers get: PRESET, FILE or FOLDER, each with or without @VERSION')
    .argument('<new>', 'what they would get')
    .option('--json', 'for programs')
    .addHelpText('after', HELP)
    .action((old: string, next: string, { json = false }: { json?: boolean }) => diff(old, next, json));
}

function diff(oldReference: string, newReference: string, json: boolean): void {
  const [old, next] = [findVersion(oldReference), findVersion(newReference)];
  const findings = diffPresets(old, next);
  if (json) sayJson({ old: viewOf(old), new: viewOf(next), breaking: isBreaking(findings), findings });
  else show(findings);
  if (isBreaking(findings)) process.exitCode = 1;
}

function viewOf({ preset, version }: VersionedPreset) {
  return { preset: preset.name, version };
}

function show(findings: readonly Finding[]): void {
  const broken = findings.filter(({ breaking }) => breaking);
  const others = findings.filter(({ breaking }) => !breaking);
  if (findings.length === 0) say('There is no difference.');
  if (broken.length > 0) {
    const title = `${counted(broken.length, 'difference')} may break receivers:`;
    say(styleText(['bold', 'red'], title, { stream: process.stdout }));
    showAll(broken);
  }
  if (others.length === 0) return;
  if (broken.length > 0) say();
  const rest = counted(others.length, 'difference');
  say(heading(broken.length > 0 ? `${rest} they needn't notice:` : `Nothing breaks receivers. ${rest}:`));
  showAll(others);
}

function showAll(findings: readonly Finding[]): void {
  for (const line of indented(
    columns(
      findings.map(({ path, message }) => [path, message]),
      70,
    ),
  ))
    say(line);
}
