import type { PayloadFields } from '../profile/payload-fields.ts';
import { payloadOf, type WireFormat } from '../profile/profile.ts';
import { isSchemaObject } from './describe/subschemas.ts';
import { type Placement, placementIn, placementsOf } from './diff-body.ts';
import { diffFields } from './diff-fields.ts';
import { breaks, type Finding, haveSameLetters, joinPath, keeps } from './diff-finding.ts';
import { diffSchemas } from './diff-schema.ts';
import { diffFormats } from './diff-wire.ts';
import { type EventType, versionFor } from './event-type.ts';
import { bodySchemaOf, payloadSchemaOf } from './payload-schema.ts';
import { createProfile, type Preset } from './preset.ts';
import type { JsonSchema } from './preset-file.ts';
import { propertyOf } from './schema-walk.ts';

/** A preset as a webhook gets it. */
export interface Side {
  readonly preset: Preset;
  /** The preset's own wire format, or the one it shares. */
  readonly format: WireFormat;
  /** The version of payloads the webhook pins; null: the usual one. */
  readonly version: string | null;
}

/**
 * Tells what a receiver of one preset's webhooks meets when they become another's, or those of another version: in the
 * wire format, and in what is sent of the events of each type.
 *
 * @returns the differences, those of the wire format first; none if it is the same
 */
export function diffPresets(old: Side, next: Side): Finding[] {
  const [was, is] = [old.preset.eventTypes, next.preset.eventTypes];
  const fresh = [...is.keys()].filter((name) => !was.has(name));
  return [
    ...diffFormats(old.format, next.format),
    ...diffRules(old, next),
    ...[...was.values()].flatMap((type) => {
      const now = is.get(type.name);
      return now ? diffType(old, next, type, now) : [goneType(type.name, fresh)];
    }),
    ...fresh.map((name) => keeps(name, 'new', 'is a new event type', undefined, name)),
  ];
}

function goneType(name: string, fresh: readonly string[]): Finding {
  const other = fresh.find((one) => haveSameLetters(one, name));
  const message = other === undefined ? 'is gone' : `is gone; perhaps it is ${other} now`;
  return breaks(name, other === undefined ? 'gone' : 'renamed', message, name, other);
}

function diffType(old: Side, next: Side, was: EventType, is: EventType): Finding[] {
  const findings: Finding[] = [];
  if (is.deprecated && !was.deprecated)
    findings.push(keeps(was.name, 'deprecated', 'is deprecated now', false, true));
  for (const part of ['title', 'group', 'description'] as const) {
    if (was[part] === is[part]) continue;
    findings.push(keeps(was.name, 'description_changed', `has another ${part}`, was[part], is[part]));
  }
  findings.push(...goneVersions(old, next, was, is));
  for (const placement of placementsOf(old.format)) {
    const now = placementIn(next.format, placement);
    if (now)
      findings.push(
        ...diffPlaced({ side: old, type: was, placement }, { side: next, type: is, placement: now }),
      );
  }
  return findings;
}

/** Whoever pins such a version gets the usual one from then on. Who asks about two versions means a move on purpose. */
function goneVersions(old: Side, next: Side, was: EventType, is: EventType): Finding[] {
  if (old.version !== null && next.version !== null) return [];
  return [...was.versions.keys()]
    .filter((version) => !is.versions.has(version))
    .map((version) => {
      const message = `is gone: receivers that pin it get ${usualName(next, is)}`;
      return breaks(`${was.name}: payload version ${version}`, 'gone', message, version);
    });
}

function usualName(side: Side, type: EventType): string {
  return versionFor(type, side.version, side.preset.payloadVersion) ?? 'the one form there is';
}

/** Something of the data of one event type, where it stands in the body. */
interface Placed {
  readonly side: Side;
  readonly type: EventType;
  readonly placement: Placement;
}

function diffPlaced(old: Placed, next: Placed): Finding[] {
  const { name } = old.placement;
  const found = diffSchemas(schemaOf(old), schemaOf(next)).map((one) => inEnvelope(one, old, next));
  const known = new Set(found.map(({ path }) => path));
  const fields = diffFields(fieldsOf(old), fieldsOf(next), next.type.schema ?? true, '');
  return [...found, ...fields.filter(({ path }) => !known.has(path))].map((one) => {
    const below = joinPath(name ?? '', one.path);
    return { ...one, path: below === '' ? old.type.name : `${old.type.name}: ${below}` };
  });
}

/** A member of the data that has gone from among those of the envelope, because the envelope has it itself now. */
function inEnvelope(finding: Finding, old: Placed, next: Placed): Finding {
  const { body } = next.side.format;
  const isBeside = old.placement.name === null && next.placement.name === null;
  if (finding.change !== 'gone' || !isBeside || typeof body === 'string') return finding;
  if (!body.some((field) => 'name' in field && field.name === finding.path)) return finding;
  return keeps(
    finding.path,
    'moved',
    'is a member of the envelope now: see that it means the same',
    finding.from,
  );
}

function versionOf({ side, type }: Placed): string | null {
  return versionFor(type, side.version, side.preset.payloadVersion);
}

/** What stands there in the body, as a schema that stands alone. */
function schemaOf(placed: Placed): JsonSchema {
  const { side, type, placement } = placed;
  const version = versionOf(placed);
  if (placement.source === 'event.payload') return payloadSchemaOf(type, version, side.format.payloads);
  if (placement.source === 'event.data') return type.schema ?? true;
  const body = bodySchemaOf(side.format, type, version);
  const member = placement.name === null ? undefined : propertyOf(body, placement.name, body);
  return isSchemaObject(member) ? { ...member, $defs: body.$defs ?? {} } : (member ?? true);
}

function fieldsOf({ side, type, placement }: Placed): PayloadFields | null {
  if (placement.source !== 'event.payload') return null;
  return payloadOf(createProfile(side.preset, side.format, side.version), type.name);
}

/** Compares what is sent of events that the catalogs don't know, which the rules of the wire formats tell. */
function diffRules(old: Side, next: Side): Finding[] {
  const sendsPayload = [old, next].every(({ format }) =>
    placementsOf(format).some(({ source }) => source === 'event.payload'),
  );
  if (!sendsPayload) return [];
  const patterns = [old, next].flatMap(({ format }) => format.payloads.flatMap(({ events }) => events));
  return [...new Set(patterns)].flatMap((pattern) => {
    const [was, is] = [unknownType(old, pattern), unknownType(next, pattern)];
    const path = `other events ${pattern}`;
    const schemas = diffSchemas(payloadSchemaOf(was, null), payloadSchemaOf(is, null));
    return [...schemas, ...diffFields(was.payload, is.payload, true, '')].map((one) => ({
      ...one,
      path: one.path === '' ? path : `${path}: ${one.path}`,
    }));
  });
}

function unknownType({ format }: Side, name: string): EventType {
  const rule = format.payloads.find(({ events }) => events.includes(name));
  return {
    preset: null,
    own: false,
    name,
    group: null,
    title: null,
    description: null,
    deprecated: false,
    schema: null,
    sample: undefined,
    payload: rule?.payload ?? null,
    versions: new Map(),
    source: {},
  };
}
