import type { PayloadField, PayloadFields } from '../profile/payload-fields.ts';
import { breaks, type Finding, keeps } from './diff-finding.ts';
import type { JsonSchema } from './preset-file.ts';
import { itemsOf, propertyOf } from './schema-walk.ts';

const LETTERS = {
  upperCase: 'in upper case',
  lowerCase: 'in lower case',
  capitalized: 'capitalized',
} as const;

/**
 * Tells what of the payloads two lists of fields make differs without their schemas showing it: the case of letters,
 * and values that are taken from somewhere else.
 *
 * @param data the schema of the data the new payload is made of
 */
export function diffFields(
  old: PayloadFields | null,
  next: PayloadFields | null,
  data: JsonSchema,
  prefix: string,
): Finding[] {
  return old && next ? compareAll(old.fields, next.fields, { at: data, root: data }, prefix) : [];
}

interface Place {
  readonly at: JsonSchema;
  readonly root: JsonSchema;
}

function compareAll(
  old: readonly PayloadField[],
  next: readonly PayloadField[],
  place: Place,
  prefix: string,
): Finding[] {
  const fields = new Map(next.map((one) => [one.name, one]));
  return old.flatMap((was) => {
    const is = fields.get(was.name);
    return is ? compareField(was, is, place, `${prefix}${was.name}`) : [];
  });
}

function compareField(was: PayloadField, is: PayloadField, place: Place, path: string): Finding[] {
  const findings: Finding[] = [];
  if (was.as !== is.as) {
    const [from, to] = [lettersOf(was), lettersOf(is)];
    findings.push(breaks(path, 'meaning_changed', `is written ${to}, and was ${from}`, was.as, is.as));
  }
  findings.push(...compareSource(was, is, place, path));
  const found = sourceIn(is.from, place) ?? true;
  if (was.fields && is.fields) {
    findings.push(...compareAll(was.fields, is.fields, { ...place, at: found }, `${path}.`));
  }
  if (was.each && is.each) {
    const item = itemsOf(found, place.root);
    findings.push(...compareAll(was.each, is.each, { ...place, at: item }, `${path}[].`));
  }
  return findings;
}

function compareSource(was: PayloadField, is: PayloadField, place: Place, path: string): Finding[] {
  const [from, to] = [meaningOf(was), meaningOf(is)];
  if (from === to) return [];
  const message = `is ${to}, and was ${from}`;
  // Where the old one isn't in the data any more, that may have got another name there.
  const isRenamed = was.const === undefined && is.const === undefined && !sourceIn(was.from, place);
  return isRenamed
    ? [keeps(path, 'meaning_changed', `${message}: see that it means the same`, from, to)]
    : [breaks(path, 'meaning_changed', message, from, to)];
}

function meaningOf({ const: value, count, from }: PayloadField): string {
  if (value !== undefined) return JSON.stringify(value);
  return count ? `the number of ${from.join('.')}` : `the data's ${from.join('.')}`;
}

function lettersOf({ as }: PayloadField): string {
  return as === undefined ? 'as it is published' : LETTERS[as];
}

function sourceIn(from: readonly string[], { at, root }: Place): JsonSchema | undefined {
  return from.reduce<JsonSchema | undefined>(
    (schema, name) => (schema === undefined ? undefined : propertyOf(schema, name, root)),
    at,
  );
}
