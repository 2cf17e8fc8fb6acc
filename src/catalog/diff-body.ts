import type { BodyField, WireFormat } from '../profile/profile.ts';
import { breaks, type Finding, keeps } from './diff-finding.ts';

/** Where in the body something of the event's data stands: as a member of this name, or (null) its members beside others. */
export interface Placement {
  readonly name: string | null;
  readonly source: string;
}

/** Where the body has the data, the payload, or members of the data. */
export function placementsOf({ body }: WireFormat): Placement[] {
  return fieldsOf(body).flatMap((field): Placement[] => {
    if ('spread' in field) return [{ name: null, source: field.spread }];
    const { name, value } = field;
    return typeof value === 'string' && isOfData(value) ? [{ name, source: value }] : [];
  });
}

/** Where the same stands in another body; undefined if it isn't there any more. */
export function placementIn(format: WireFormat, { name, source }: Placement): Placement | undefined {
  const all = placementsOf(format);
  const alike = all.filter((one) => isSame(one.source, source));
  return alike.find((one) => one.name === name) ?? alike[0];
}

function fieldsOf(body: WireFormat['body']): readonly BodyField[] {
  return typeof body === 'string' ? [{ spread: body }] : body;
}

function isOfData(reference: string): boolean {
  return isContent(reference) || reference.startsWith('event.data.');
}

/** The data and the payload made of it are one thing to receivers: what it has is told by its schema. */
function isContent(reference: string): boolean {
  return reference === 'event.data' || reference === 'event.payload';
}

function isSame(one: string, other: string): boolean {
  return one === other || (isContent(one) && isContent(other));
}

/** What a member of the body is, in a word or two. */
function meaningOf({ value }: Extract<BodyField, { name: string }>): string {
  if (typeof value === 'string') return value;
  return 'const' in value ? JSON.stringify(value.const) : `the number of ${value.count}`;
}

/** Tells which members of the body are other ones, but for what is in the data. */
export function diffBody(old: WireFormat, next: WireFormat): Finding[] {
  const [was, is] = [meaningsOf(old), meaningsOf(next)];
  const fresh = [...is].filter(([name]) => !was.has(name));
  const findings: Finding[] = [];
  const taken = new Set<string>();
  for (const [name, meaning] of was) {
    const path = `body member ${name}`;
    const now = is.get(name);
    if (now !== undefined && !isSame(meaning, now)) {
      findings.push(breaks(path, 'meaning_changed', `was ${meaning}, and is ${now}`, meaning, now));
    }
    if (now !== undefined) continue;
    const [other] = fresh.find(([, one]) => isSame(one, meaning)) ?? [];
    if (other !== undefined) taken.add(other);
    const moved = isContent(meaning) && placementIn(next, { name: null, source: meaning })?.name === null;
    if (other !== undefined) findings.push(breaks(path, 'renamed', `is ${other} now`, name, other));
    else if (moved)
      findings.push(breaks(path, 'moved', 'is gone: its members stand beside the others', name));
    else findings.push(breaks(path, 'gone', 'is gone', meaning));
  }
  findings.push(...diffSpread(old, next, taken));
  for (const [name, meaning] of fresh) {
    if (!taken.has(name))
      findings.push(keeps(`body member ${name}`, 'new', `is new: ${meaning}`, undefined, meaning));
  }
  return findings;
}

function meaningsOf({ body }: WireFormat): Map<string, string> {
  return new Map(fieldsOf(body).flatMap((one) => ('name' in one ? [[one.name, meaningOf(one)]] : [])));
}

/** @param taken gets the name of the member that the data has moved into */
function diffSpread(old: WireFormat, next: WireFormat, taken: Set<string>): Finding[] {
  const spread = placementsOf(old).find(({ name }) => name === null);
  if (!spread) return [];
  const now = placementIn(next, spread);
  if (now?.name === null) return [];
  if (!now) return [breaks('body', 'gone', "has the members of the event's data no more", spread.source)];
  taken.add(now.name);
  const message = `has the members of the event's data in ${now.name}, and had them beside the others`;
  return [breaks('body', 'moved', message, undefined, now.name)];
}
