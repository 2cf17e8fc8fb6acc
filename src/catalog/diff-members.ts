import { isSchemaObject } from './describe/subschemas.ts';
import { breaks, type Finding, isBreaking, keeps, lettersOf } from './diff-finding.ts';
import { schemasByName } from './diff-merge.ts';
import type { Sided } from './diff-rules.ts';
import type { Compare } from './diff-schema.ts';
import { typeText } from './diff-shape.ts';
import { pathText } from './flaws.ts';
import type { JsonSchema } from './preset-file.ts';

/** What is said of a member: its schema, and whether it is always there. */
interface Member {
  readonly schema: JsonSchema;
  readonly required: boolean;
}

type Members = ReadonlyMap<string, Member>;

/** Compares the members of objects: those that are named, and what is said of all others. */
export function compareMembers(old: Sided, next: Sided, compare: Compare): Finding[] {
  const [was, is] = [membersOf(old), membersOf(next)];
  const renamed = findRenamed(old, next, was, is);
  const known = new Set([...was.keys(), ...renamed.values()]);
  const others = old.shape.keywords.additionalProperties;
  const findings: Finding[] = [];
  for (const [name, member] of was) {
    const now = is.get(name);
    const at = pathText([name]);
    if (now) findings.push(...comparePresence(member, now, at), ...compare(member.schema, now.schema, at));
    else findings.push(goneOrRenamed(name, at, renamed.get(name)));
  }
  for (const [name, { schema, required }] of is) {
    if (known.has(name)) continue;
    const at = pathText([name]);
    const odd = isSchemaObject(others) ? compare(others, schema, at) : [];
    const what = { type: typeText(next.reader.formsOf(schema)), required };
    findings.push(...(isBreaking(odd) ? odd : [keeps(at, 'new', 'is new', undefined, what)]));
  }
  return [...findings, ...compareOthers(old, next, compare)];
}

function membersOf({ shape: { keywords } }: Sided): Members {
  const required = new Set(Array.isArray(keywords.required) ? keywords.required.map(String) : []);
  const schemas: [string, JsonSchema][] = Object.entries(schemasByName(keywords.properties));
  const named = new Map([...[...required].map((name): [string, JsonSchema] => [name, true]), ...schemas]);
  const members = [...named].map(
    ([name, schema]) => [name, { schema, required: required.has(name) }] as const,
  );
  // A member that nothing fits is a member that isn't there.
  return new Map(members.filter(([, { schema }]) => schema !== false));
}

function comparePresence(was: Member, is: Member, path: string): Finding[] {
  if (was.required === is.required) return [];
  return was.required
    ? [breaks(path, 'optional', 'may be absent, and was always there', 'required', 'optional')]
    : [keeps(path, 'required', 'is always there, and could be absent', 'optional', 'required')];
}

function goneOrRenamed(name: string, path: string, now: string | undefined): Finding {
  if (now === undefined) return breaks(path, 'gone', 'is gone', name);
  return breaks(path, 'renamed', `is gone; perhaps it is ${now} now`, name, now);
}

/** Of the members that are gone, those that look like a new one: by its letters, or by what is said of it. */
function findRenamed(old: Sided, next: Sided, was: Members, is: Members): Map<string, string> {
  const renamed = new Map<string, string>();
  const fresh = [...is].filter(([name]) => !was.has(name));
  const byLetters = Map.groupBy(fresh, ([name]) => lettersOf(name));
  const byText = Map.groupBy(fresh, ([, { schema }]) => descriptionOf(next, schema));
  for (const [name, { schema }] of was) {
    if (is.has(name)) continue;
    const [letters, text] = [lettersOf(name), descriptionOf(old, schema)];
    const alike = [
      ...(letters === '' ? [] : (byLetters.get(letters) ?? [])),
      ...(text === undefined ? [] : (byText.get(text) ?? [])),
    ];
    const [only, more] = new Set(alike.map(([other]) => other));
    if (only !== undefined && more === undefined) renamed.set(name, only);
  }
  return renamed;
}

function descriptionOf({ reader }: Sided, schema: JsonSchema): unknown {
  return reader.formsOf(schema).shapes[0]?.keywords.description;
}

/** Compares the members no name is known of, as those of a map are. */
function compareOthers(old: Sided, next: Sided, compare: Compare): Finding[] {
  const was = (old.shape.keywords.additionalProperties ?? true) as JsonSchema;
  const is = (next.shape.keywords.additionalProperties ?? true) as JsonSchema;
  if (is === false) return [];
  // Where there were none, receivers had to pass over what they don't know all the same: as with any new member.
  if (was === false) return [keeps('.*', 'new', 'may be there: members of any name')];
  return isSchemaObject(was) ? compare(was, is, '.*') : [];
}
