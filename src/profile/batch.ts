import { itemSpans } from '../json-source.ts';
import type { BatchFormat } from './batch-format.ts';
import { renderBody } from './engine.ts';
import { valueAt } from './path-in-data.ts';
import type { Profile } from './profile.ts';
import { membersOf, type Subject } from './subject.ts';

/** What decides whether events fit into one body. */
interface Joinable {
  readonly type: string;
  readonly version: string | null;
  /** JSON. */
  readonly data: string;
}

/**
 * What events must have in common to go in one body; null: it has nothing to be joined by, and goes alone, as
 * otherwise its data would be lost.
 *
 * @param by a path into the data, as the webhook wants it; null: none
 */
export function batchKey(format: BatchFormat, event: Joinable, by: readonly string[] | null): string | null {
  const wanted = [event.type, by && valueAt(event.data, by)];
  if (format === 'array') return JSON.stringify(wanted);
  const members = membersOf(event.data);
  if (!format.join.some((name) => members.get(name)?.startsWith('['))) return null;
  return JSON.stringify([...wanted, event.version, format.by && valueAt(event.data, format.by)]);
}

/**
 * What a request of several events is about, for its headers, and for the body if there is one for all. It has the id of
 * the batch in place of one of an event or a delivery; what the events don't have in common is null.
 *
 * @param id of the batch, as on the wire
 * @param subjects of its events, in their order: one at least
 */
export function batchSubject(format: BatchFormat, id: string, subjects: readonly Subject[]): Subject {
  const [first] = subjects;
  if (!first) throw new Error('a batch of nothing');
  const shared = <T>(read: (subject: Subject) => T): T | null => {
    const value = read(first);
    return subjects.every((one) => read(one) === value) ? value : null;
  };
  return {
    ...first,
    event: {
      id,
      type: first.event.type,
      occurredAt: first.event.occurredAt,
      subject: shared(({ event }) => event.subject),
      channel: shared(({ event }) => event.channel),
      version: shared(({ event }) => event.version),
      data:
        format === 'array' ? (shared(({ event }) => event.data) ?? 'null') : joined(format.join, subjects),
    },
    payloadVersion: shared(({ payloadVersion }) => payloadVersion),
    delivery: { id },
  };
}

/** The body of a request of several events. @param whole what it is about as a whole */
export function renderBatch(profile: Profile, subjects: readonly Subject[], whole: Subject): string {
  if (profile.batch !== 'array') return renderBody(profile, whole);
  return `[${subjects.map((subject) => renderBody(profile, subject)).join(',')}]`;
}

/** The data of the first, its lists with the items of all: each keeps its bytes. */
function joined(names: readonly string[], subjects: readonly Subject[]): string {
  const [first] = subjects;
  if (!first || subjects.length === 1) return first?.event.data ?? 'null';
  const all = subjects.map(({ event }) => membersOf(event.data));
  const members = new Map(all[0]);
  for (const name of names) {
    const lists = all.flatMap((one) => one.get(name) ?? []).filter((value) => value.startsWith('['));
    if (lists.length > 0) members.set(name, `[${lists.flatMap(itemsOf).join(',')}]`);
  }
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}

function itemsOf(list: string): string[] {
  return itemSpans(list, [0, list.length]).map((span) => list.slice(...span));
}
