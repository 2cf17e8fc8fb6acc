import { describe, expect, it } from 'vitest';
import { checkPreset } from './check.ts';
import { ownTypeComplaints } from './check-event-type.ts';
import { createOwnEventType } from './event-type.ts';
import { patternOf } from './known-patterns.ts';
import { eventTypeFileSchema, type JsonSchema } from './preset-file.ts';

function flawsOf(fields: object): string[] {
  const value = { name: 'own', title: 'O', description: 'O', ...fields };
  const document = { file: 'own.json', value, origins: new Map() };
  const outcome = checkPreset(document, { builtIn: false, hasProfile: () => false });
  return 'flaws' in outcome ? outcome.flaws.map(({ path, message }) => `${path}: ${message}`) : [];
}

const types = (count: number, schemaOf: (index: number) => JsonSchema) =>
  Array.from({ length: count }, (_, index) => ({ name: `type.t${index}`, schema: schemaOf(index) }));

/** Ten thousand characters and more once it is written out. */
const long = (index: number): JsonSchema => ({ type: 'string', pattern: `^[a-z]{5000}${index}$` });

describe('the patterns of a document', () => {
  it('are refused where all of them come to too much', () => {
    const [flaw, ...others] = flawsOf({
      eventTypes: types(60, (index) => ({ properties: { a: long(index) } })),
    });
    expect(others).toEqual([]);
    expect(flaw).toMatch(/^eventTypes\[4\d\]\.schema: has patterns that come.*\[patterns_too_large\]$/);
  });

  it('wherever they stand', () => {
    const names = (from: number) =>
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`^${from + index}[a-z]{5000}$`, true]));
    const $defs = { A: { patternProperties: names(0) }, B: { patternProperties: names(100) } };
    const versions = { 1: { schema: { patternProperties: names(200) } } };
    expect(flawsOf({ $defs, eventTypes: [{ name: 'a.b', versions }] })).toEqual([
      expect.stringMatching(/^eventTypes\[0\]\.versions\["1"\]\.schema: .*\[patterns_too_large\]$/),
    ]);
  });

  it('are refused in a type of its own, too', () => {
    const source = { name: 'a.b', schema: { anyOf: Array.from({ length: 60 }, (_, index) => long(index)) } };
    const type = createOwnEventType(eventTypeFileSchema.parse(source), source, null);
    expect(ownTypeComplaints(type)).toMatchObject([{ path: ['schema'], message: /\[patterns_too_large\]$/ }]);
  });

  it('count once, however often they stand there', () => {
    expect(flawsOf({ eventTypes: types(60, () => ({ properties: { a: long(1) } })) })).toEqual([]);
  });

  it('that are too long each count as much as the longest, as it takes as long to see it', () => {
    const tooLong = (index: number): JsonSchema => ({ pattern: `(a{9999}){9}${index}` });
    const [flaw, ...others] = flawsOf({ eventTypes: types(100, tooLong) });
    expect(others).toEqual([]);
    expect(flaw).toMatch(/^eventTypes\[25\]\.schema: .*\[patterns_too_large\]$/);
  });

  it('are never matched against names by an engine that goes back and forth', () => {
    const properties = { [`${'a'.repeat(40)}!`]: {} };
    const schema = { properties, patternProperties: { '^(a+)+$': {} } };
    expect(flawsOf({ eventTypes: types(1, () => schema) })).toEqual([]);
  });

  it('are compiled once', () => {
    expect(patternOf('^once$', 'u')).toBe(patternOf('^once$', 'u'));
    expect(patternOf('^once$', 'u')).not.toBe(patternOf('^once$', 'iu'));
  });
});

describe('what schemas reach', () => {
  it('is refused where it comes to too much, before it is put together', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `D${index}`);
    const $defs: Record<string, JsonSchema> = Object.fromEntries(names.map((name) => [name, {}]));
    $defs.Hub = { anyOf: names.map((name) => ({ $ref: `#/$defs/${name}` })) };
    const eventTypes = types(300, () => ({ $ref: '#/$defs/Hub' }));
    expect(flawsOf({ $defs, eventTypes })).toEqual([
      expect.stringMatching(/^eventTypes\[248\]\.schema: .*\[definitions_too_large\]$/),
    ]);
  });
});

describe('what schemas share', () => {
  const words = Array.from({ length: 5_000 }, (_, index) => `word ${index}`);
  const $defs = { Word: { enum: words } };

  it('is no matter if it is compiled once', () => {
    const eventTypes = types(100, () => ({ properties: { word: { $ref: '#/$defs/Word' } } }));
    expect(flawsOf({ $defs, eventTypes })).toEqual([]);
  });

  it('is refused where it would be compiled for each, and comes to too much', () => {
    const schema = { properties: { word: { $ref: '#/$defs/Word' } }, unevaluatedProperties: false };
    expect(flawsOf({ $defs, eventTypes: types(100, () => schema) })).toEqual([
      expect.stringMatching(/^eventTypes\[\d+\]\.schema: comes, .*\[schemas_too_large\]$/),
    ]);
  });
});
