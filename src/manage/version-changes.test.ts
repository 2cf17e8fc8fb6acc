import { describe, expect, it } from 'vitest';
import { createOwnEventType } from '../catalog/event-type.ts';
import { eventTypeFileSchema } from '../catalog/preset-file.ts';
import { versionChanges } from './version-changes.ts';

const text = { type: 'string' };

function typeWith(versions: object, rest: object = {}) {
  const source = { name: 'order.packed', ...rest, versions };
  return createOwnEventType(eventTypeFileSchema.parse(source), source, null);
}

/** What has changed between two schemas of a payload. */
function changesOf(old: object, next: object) {
  return versionChanges(typeWith({ v1: { schema: old }, v2: { schema: next } }), {}).changes;
}

const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });

describe('what has changed from one version to another', () => {
  it.each<[what: string, old: object, next: object, changes: object[]]>([
    [
      'a member that is new, with its type',
      object({ order: object({}) }),
      object({ order: object({ weight: { type: 'number' } }) }),
      [{ path: 'order.weight', change: 'new', to: { type: 'number', required: false }, breaking: false }],
    ],
    [
      'a member that is gone',
      object({ id: text, total: text }),
      object({ id: text }),
      [{ path: 'total', change: 'gone', breaking: true }],
    ],
    [
      'a member that may be absent now',
      object({ id: text }, ['id']),
      object({ id: text }),
      [{ path: 'id', change: 'optional', breaking: true }],
    ],
    [
      'a member that is always there now',
      object({ id: text }),
      object({ id: text }, ['id']),
      [{ path: 'id', change: 'required', breaking: false }],
    ],
    [
      'values more: those that are new, and those that are gone beside them',
      object({ status: { enum: ['packed', 'lost', 'sent'] } }),
      object({ status: { enum: ['packed', 'sent', 'returned'] } }),
      [{ path: 'status', change: 'values_added', from: ['lost'], to: ['returned'], breaking: true }],
    ],
    [
      'a type, in a list of lists',
      object({ rows: { type: 'array', items: { type: 'array', items: text } } }),
      object({ rows: { type: 'array', items: { type: 'array', items: { type: 'number' } } } }),
      [{ path: 'rows[][]', change: 'type_changed', from: 'string', to: 'number', breaking: true }],
    ],
    [
      'a format',
      object({ at: { type: 'string', format: 'date' } }),
      object({ at: { type: 'string', format: 'date-time' } }),
      [
        {
          path: 'at',
          change: 'rule_changed',
          keyword: 'format',
          from: 'date',
          to: 'date-time',
          breaking: true,
        },
      ],
    ],
    [
      'a limit',
      object({ name: { type: 'string', maxLength: 5 } }),
      object({ name: { type: 'string', maxLength: 9 } }),
      [{ path: 'name', change: 'limit_loosened', keyword: 'maxLength', from: 5, to: 9, breaking: true }],
    ],
    [
      'a description',
      object({ name: { type: 'string', description: 'Who.' } }),
      object({ name: { type: 'string', description: 'Who buys.' } }),
      [{ path: 'name', change: 'description_changed', from: 'Who.', to: 'Who buys.', breaking: false }],
    ],
    [
      'what a reference in a circle leads to, once',
      { $ref: '#/$defs/Box', $defs: { Box: object({ inner: { $ref: '#/$defs/Box' }, size: text }) } },
      {
        $ref: '#/$defs/Box',
        $defs: { Box: object({ inner: { $ref: '#/$defs/Box' }, size: { type: 'integer' } }) },
      },
      [{ path: 'size', change: 'type_changed', from: 'string', to: 'integer', breaking: true }],
    ],
    [
      'what parts of an allOf come to',
      { allOf: [object({ a: text }), object({ b: text })] },
      { allOf: [object({ a: text }), object({ b: text }, ['b'])] },
      [{ path: 'b', change: 'required', breaking: false }],
    ],
    [
      'members of any name',
      { type: 'object', additionalProperties: text },
      { type: 'object', additionalProperties: { type: ['string', 'null'] } },
      [{ path: '.*', change: 'nullable', breaking: true }],
    ],
    ['nothing, where it is the same', object({ a: text }), object({ a: text }), []],
  ])('tells of %s', (_what, old, next, changes) => {
    const found = changesOf(old, next);
    expect(found).toHaveLength(changes.length);
    expect(found).toMatchObject(changes);
  });

  it('tells of other letters, which no schema shows', () => {
    const type = typeWith(
      {
        a: { payload: [{ name: 'state', as: 'upperCase' }] },
        b: { payload: [{ name: 'state', as: 'lowerCase' }] },
      },
      { schema: object({ state: text }) },
    );
    expect(versionChanges(type, {})).toMatchObject({
      breaking: true,
      changes: [{ path: 'state', change: 'meaning_changed', from: 'upperCase', to: 'lowerCase' }],
    });
  });
});

describe('which versions are compared', () => {
  const type = typeWith({
    '2024-1': { schema: object({ a: text }) },
    '2025-1': { schema: object({ a: text, b: text }) },
    '2026-1': { schema: object({ b: text }) },
  });

  it.each([
    [{}, '2025-1', '2026-1', true],
    [{ to: '2025-1' }, '2024-1', '2025-1', false],
    [{ from: '2024-1' }, '2024-1', '2026-1', true],
    [{ from: '2026-1', to: '2024-1' }, '2026-1', '2024-1', true],
    [{ from: '2025-1', to: '2025-1' }, '2025-1', '2025-1', false],
    [{ to: '2024-1' }, null, '2024-1', false],
  ])('of %j are %s and %s', (asked, from, to, breaking) => {
    expect(versionChanges(type, asked)).toMatchObject({ eventType: 'order.packed', from, to, breaking });
  });

  it('are none where the payload has but one form', () => {
    expect(versionChanges(typeWith({}), {})).toEqual({
      eventType: 'order.packed',
      from: null,
      to: null,
      breaking: false,
      changes: [],
    });
  });

  it('must be there', () => {
    expect(() => versionChanges(type, { from: '1999' })).toThrow(
      'from: must be one of 2024-1, 2025-1, 2026-1',
    );
    expect(() => versionChanges(typeWith({}), { to: '1' })).toThrow('to: there are no versions');
  });
});

describe('what is told of hostile schemas', () => {
  const many = (count: number, schema: object) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, schema]));

  it('is a thousand differences at most, and that there are more', () => {
    const changes = changesOf(object(many(3_000, text)), object(many(3_000, { type: 'number' })));
    expect(changes).toHaveLength(1_001);
    expect(changes.at(-1)).toMatchObject({ change: 'not_compared', breaking: true });
  });

  it('is short, however long the texts and lists in them are', () => {
    const values = (prefix: string) => ({
      description: prefix.repeat(20_000),
      enum: Array.from({ length: 1_000 }, (_, index) => `${prefix}${index}`.repeat(200)),
    });
    const part = (prefix: string) => ({
      ...object(many(200, { $ref: '#/$defs/Part' })),
      $defs: { Part: values(prefix) },
    });
    const changes = changesOf(part('a'), part('b'));
    expect(changes.length).toBeGreaterThan(200);
    expect(JSON.stringify(changes).length / changes.length).toBeLessThan(8_000);
  });

  it('is an end, where definitions lead to each other in every direction', () => {
    const mesh = (type: string) => ({
      $ref: '#/$defs/D0',
      $defs: Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [
          `D${index}`,
          object({
            a: { $ref: `#/$defs/D${(index * 7 + 1) % 60}` },
            b: { $ref: `#/$defs/D${(index * 3 + 2) % 60}` },
            c: { type },
          }),
        ]),
      ),
    });
    const changes = changesOf(mesh('string'), mesh('number'));
    expect(changes[0]).toMatchObject({ change: 'type_changed', breaking: true });
    expect(changes.length).toBeLessThanOrEqual(1_001);
  });
});
