import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBreaking } from './diff-finding.ts';
import { diffSchemas } from './diff-schema.ts';
import type { JsonSchema } from './preset-file.ts';
import { compileSchema } from './schema.ts';

const text = { type: 'string' } as const;
const object = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
});
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

/** Each finding in a line: `BREAKS items[].sku: is gone`. */
function told(old: JsonSchema, next: JsonSchema): string[] {
  return diffSchemas(old, next).map(
    ({ path, breaking, message }) => `${breaking ? 'BREAKS' : 'keeps'} ${path}: ${message}`,
  );
}

describe('what breaks receivers', () => {
  it.each<[what: string, old: JsonSchema, next: JsonSchema, lines: string[]]>([
    ['a member that is gone', object({ a: text, b: text }), object({ a: text }), ['BREAKS b: is gone']],
    [
      'a member under another spelling',
      object({ order_id: text }),
      object({ orderId: text }),
      ['BREAKS order_id: is gone; perhaps it is orderId now'],
    ],
    [
      'a member under another name, of which the same is said',
      object({ id: { type: 'string', description: 'The number of the order.' } }),
      object({ number: { type: 'string', description: 'The number of the order.' }, x: text }),
      ['BREAKS id: is gone; perhaps it is number now', 'keeps x: is new'],
    ],
    [
      'a member that may be absent',
      object({ a: text }, ['a']),
      object({ a: text }),
      ['BREAKS a: may be absent, and was always there'],
    ],
    [
      'another type',
      object({ a: text }),
      object({ a: { type: 'integer' } }),
      ['BREAKS a: was string, and is integer'],
    ],
    ['a wider type', { type: 'integer' }, { type: 'number' }, ['BREAKS : was integer, and may be number']],
    [
      'a second type',
      text,
      { type: ['string', 'integer'] },
      ['BREAKS : was string, and may be integer or string'],
    ],
    [
      'a second type as an alternative',
      text,
      { anyOf: [text, { type: 'integer' }] },
      ['BREAKS : may be integer too, and was string'],
    ],
    [
      'null',
      object({ a: text }),
      object({ a: { type: ['string', 'null'] } }),
      ['BREAKS a: may be null, and never was'],
    ],
    [
      'null as an alternative',
      text,
      { oneOf: [text, { type: 'null' }] },
      ['BREAKS : may be null, and never was'],
    ],
    [
      'null in a list of values',
      { enum: ['a'] },
      { enum: ['a', null] },
      ['BREAKS : may be null, and never was'],
    ],
    ['anything at all', text, true, ['BREAKS : may be anything, and was string']],
    [
      'something where there was nothing',
      list(false),
      list(text),
      ['BREAKS []: may be string, and could not be at all'],
    ],
    [
      'a new value',
      { enum: ['a'] },
      { enum: ['a', 'b', 'c'] },
      ['BREAKS : may be "b" or "c" too, and never was'],
    ],
    ['another constant', { const: 1 }, { const: 2 }, ['BREAKS : is 2, and was 1']],
    ['any value', { enum: ['a', 'b'] }, text, ['BREAKS : may be any string, and was "a" or "b"']],
    [
      'a listed value that another rule did not allow',
      { enum: ['a', 'abc'], maxLength: 2 },
      { enum: ['a', 'abc'] },
      ['BREAKS : may be "abc" too, and never was'],
    ],
    [
      'values that one of two rules did not allow',
      { allOf: [{ type: 'string', pattern: '^a' }, { pattern: 'b$' }] },
      { enum: ['ab', 'ac', 'b', 1] },
      ['BREAKS : may be "ac", "b" or 1, and never was'],
    ],
    [
      'values the old limits did not allow',
      { type: 'string', maxLength: 2 },
      { enum: ['abc', 'ab'] },
      ['BREAKS : may be "abc", and never was'],
    ],
    [
      'another pattern',
      { type: 'string', pattern: '^a' },
      { type: 'string', pattern: '^b' },
      ['BREAKS : pattern was ^a, and is ^b'],
    ],
    [
      'a pattern that is gone',
      { type: 'string', pattern: '^a' },
      text,
      ['BREAKS : pattern was ^a, and there is none now'],
    ],
    [
      'another format',
      { type: 'string', format: 'date' },
      { type: 'string', format: 'date-time' },
      ['BREAKS : format was date, and is date-time'],
    ],
    [
      'a longer text',
      { type: 'string', maxLength: 25 },
      { type: 'string', maxLength: 50 },
      ['BREAKS : maxLength was 25, and is 50'],
    ],
    [
      'a text of any length',
      { type: 'string', maxLength: 25 },
      text,
      ['BREAKS : maxLength was 25, and there is none now'],
    ],
    [
      'a shorter text',
      { type: 'string', minLength: 2 },
      { type: 'string', minLength: 1 },
      ['BREAKS : minLength was 2, and is 1'],
    ],
    [
      'an empty text',
      { type: 'string', minLength: 1 },
      text,
      ['BREAKS : minLength was 1, and there is none now'],
    ],
    [
      'a greater number',
      { type: 'number', maximum: 9 },
      { type: 'number', maximum: 10 },
      ['BREAKS : maximum was 9, and is 10'],
    ],
    [
      'a number that may reach its limit',
      { type: 'number', exclusiveMaximum: 9 },
      { type: 'number', maximum: 9 },
      ['BREAKS : maximum was below 9, and is 9'],
    ],
    [
      'a lower number',
      { type: 'integer', minimum: 0 },
      { type: 'integer' },
      ['BREAKS : minimum was 0, and there is none now'],
    ],
    [
      'a number in smaller steps',
      { type: 'number', multipleOf: 0.5 },
      { type: 'number', multipleOf: 0.2 },
      ['BREAKS : multipleOf was 0.5, and is 0.2'],
    ],
    [
      'more items',
      { type: 'array', maxItems: 5 },
      { type: 'array' },
      ['BREAKS : maxItems was 5, and there is none now'],
    ],
    [
      'items that are there twice',
      { type: 'array', uniqueItems: true },
      { type: 'array' },
      ['BREAKS : uniqueItems was true, and there is none now'],
    ],
    [
      'members of any kind in a map',
      { type: 'object', additionalProperties: text },
      { type: 'object' },
      ['BREAKS .*: may be anything, and was string'],
    ],
    [
      'a new member unlike those of the map it is in',
      { type: 'object', additionalProperties: text },
      { type: 'object', properties: { n: { type: 'integer' } }, additionalProperties: text },
      ['BREAKS n: was string, and is integer'],
    ],
    [
      'a rule that nobody can weigh',
      { type: 'string', not: { const: 'a' } },
      { type: 'string', not: { const: 'b' } },
      ['BREAKS : has another rule not: compare it yourself'],
    ],
    [
      'a place in a list',
      { type: 'array', prefixItems: [text] },
      { type: 'array', prefixItems: [{ type: 'integer' }] },
      ['BREAKS [0]: was string, and is integer'],
    ],
  ])('%s', (_what, old, next, lines) => {
    expect(told(old, next)).toEqual(lines);
  });

  it('is told of by its place, however deep', () => {
    const deep = (status: JsonSchema) =>
      object({ trackings: list(object({ events: list(object({ 'odd name': status, status })) })) });
    expect(told(deep(text), deep({ type: ['string', 'null'] }))).toEqual([
      'BREAKS trackings[].events[]["odd name"]: may be null, and never was',
      'BREAKS trackings[].events[].status: may be null, and never was',
    ]);
  });

  it('says from what to what', () => {
    expect(diffSchemas({ enum: ['a'] }, { enum: ['a', 'b'] })).toMatchObject([
      { change: 'values_added', from: ['a'], to: ['a', 'b'], breaking: true },
    ]);
    expect(diffSchemas({ type: 'string', maxLength: 5 }, { type: 'string' })).toMatchObject([
      { change: 'limit_loosened', from: 5, to: undefined },
    ]);
  });
});

describe('what does not break receivers', () => {
  it.each<[what: string, old: JsonSchema, next: JsonSchema, lines: string[]]>([
    ['a new member', object({ a: text }), object({ a: text, b: text }, ['b']), ['keeps b: is new']],
    [
      'a member that is always there now',
      object({ a: text }),
      object({ a: text }, ['a']),
      ['keeps a: is always there, and could be absent'],
    ],
    ['a value less', { enum: ['a', 'b'] }, { enum: ['a'] }, ['keeps : is never "b" now']],
    ['values where any text could be', text, { enum: ['a'] }, ['keeps : is always "a"']],
    ['never null', { type: ['string', 'null'] }, text, ['keeps : is never null, and could be']],
    ['whole numbers', { type: 'number' }, { type: 'integer' }, ['keeps : is integer, and was number']],
    [
      'tighter limits',
      { type: 'string', maxLength: 9 },
      { type: 'string', maxLength: 8, minLength: 1 },
      ['keeps : maxLength was 9, and is 8', 'keeps : minLength is 1, and there was none'],
    ],
    [
      'finer words',
      { type: 'string', description: 'A.' },
      { type: 'string', description: 'B.' },
      ['keeps : has another description'],
    ],
    ['a warning that it will go', text, { type: 'string', deprecated: true }, ['keeps : is deprecated now']],
    [
      'a schema where there was none',
      true,
      object({ a: text }),
      ['keeps : is object, and could be anything'],
    ],
    ['a minimum of nothing', { type: 'string', minLength: 0 }, text, []],
    [
      'an alternative less',
      { anyOf: [text, object({ a: text })] },
      text,
      ['keeps : has alternatives fewer: 1, and had 2'],
    ],
  ])('%s', (_what, old, next, lines) => {
    expect(told(old, next)).toEqual(lines);
  });

  it.each<[what: string, one: JsonSchema, other: JsonSchema]>([
    [
      'a list of values or alternatives of one each',
      { enum: ['a', 'b'] },
      { oneOf: [{ const: 'b' }, { const: 'a' }] },
    ],
    [
      'null as a type or as an alternative',
      { type: ['string', 'null'] },
      { anyOf: [{ type: 'null' }, text] },
    ],
    [
      'a whole or its parts',
      object({ a: text, b: text }, ['a']),
      { allOf: [object({ a: text }, ['a']), object({ b: text })] },
    ],
    [
      'in place or by reference',
      object({ a: text }),
      { ...(object({ a: { $ref: '#/$defs/A' } }) as object), $defs: { A: text } },
    ],
    [
      'one limit or two',
      { type: 'integer', maximum: 5 },
      { type: 'integer', maximum: 5, exclusiveMaximum: 6 },
    ],
    ['a member nothing fits or none', object({ a: text, b: false }), object({ a: text })],
  ])('nothing, where %s says the same', (_what, one, other) => {
    expect(told(one, other)).toEqual([]);
    expect(told(other, one)).toEqual([]);
  });
});

describe('schemas that refer to themselves', () => {
  const tree = (value: JsonSchema): JsonSchema => ({
    $ref: '#/$defs/Node',
    $defs: { Node: object({ value, children: list({ $ref: '#/$defs/Node' }) }) },
  });

  it('are followed round once', () => {
    expect(told(tree(text), tree({ type: 'integer' }))).toEqual(['BREAKS value: was string, and is integer']);
    expect(told(tree(text), tree(text))).toEqual([]);
  });

  it('through nothing but references, end too', () => {
    const loop = (name: string): JsonSchema => ({
      $ref: '#/$defs/A',
      $defs: { A: { $ref: '#/$defs/A', description: name } },
    });
    expect(isBreaking(diffSchemas(loop('one'), loop('two')))).toBe(false);
  });

  it('and become another one each time, are given up in the end, and that is told', () => {
    const growing = (leaf: JsonSchema): JsonSchema => ({
      $ref: '#/$defs/A',
      $defs: {
        A: object({ next: { allOf: [{ $ref: '#/$defs/A' }, { $ref: '#/$defs/B' }] }, leaf }),
        B: object({ next: { allOf: [{ $ref: '#/$defs/B' }, { $ref: '#/$defs/A' }] } }),
      },
    });
    expect(told(growing(text), growing(text))).toEqual([]);
    const findings = diffSchemas(growing(text), growing({ type: 'integer' }));
    expect(findings.some(({ path, breaking }) => path === 'leaf' && breaking)).toBe(true);
  });

  it('twice in each member, are compared no more than a bounded number of times', () => {
    const names = Array.from({ length: 40 }, (_, index) => `D${index}`);
    const wide = (leaf: JsonSchema): JsonSchema => ({
      $ref: '#/$defs/D0',
      $defs: Object.fromEntries(
        names.map((name, index) => {
          const next = names[index + 1];
          const below: JsonSchema = next === undefined ? leaf : { $ref: `#/$defs/${next}` };
          return [name, object({ l: below, r: below })];
        }),
      ),
    });
    const findings = diffSchemas(wide(text), wide({ type: 'integer' }));
    expect(findings.some(({ change }) => change === 'not_compared')).toBe(true);
    expect(told(wide(text), wide(text))).toEqual([]);
  });
});

describe('any schemas', () => {
  const scalar = fc.constantFrom<JsonSchema>(
    true,
    text,
    { type: 'string', maxLength: 2 },
    { type: 'string', maxLength: 3, minLength: 1 },
    { type: 'string', pattern: '^a' },
    { enum: ['a', 'ab'] },
    { enum: ['a', 'b', null, 1] },
    { const: 'b' },
    { type: 'integer' },
    { type: 'integer', minimum: 0, maximum: 2 },
    { type: 'number', exclusiveMinimum: 0 },
    { type: 'number', multipleOf: 2 },
    { type: ['string', 'null'] },
    { type: ['integer', 'boolean'], maximum: 1 },
    { type: 'null' },
    { type: 'string', not: { const: 'ab' } },
  );
  type Two = readonly [old: JsonSchema, next: JsonSchema];
  const both = (make: (one: JsonSchema) => JsonSchema) => (two: Two) => two.map(make) as unknown as Two;
  const names = fc.subarray(['a', 'b']);
  /** Two schemas of one build, alike but for what differs in their leaves, members, and which of these are required. */
  const twoOf = (leaf: fc.Arbitrary<Two>): fc.Arbitrary<Two> =>
    fc.letrec<{ two: Two }>((tie) => ({
      two: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.tuple(leaf, leaf).map(([[old], [, next]]): Two => [old, next]),
        tie('two').map(both(list)),
        tie('two').map(both((items) => ({ type: 'array', items, maxItems: 1 }))),
        tie('two').map(both((others) => ({ type: 'object', additionalProperties: others }))),
        fc
          .tuple(tie('two'), tie('two'), fc.tuple(names, names))
          .map(
            ([a, b, [was, is]]): Two => [object({ a: a[0], b: b[0] }, was), object({ a: a[1], b: b[1] }, is)],
          ),
        tie('two').map(([a, b]): Two => [object({ a }), object({ a, b })]),
        fc
          .tuple(tie('two'), tie('two'))
          .map(([a, b]): Two => [{ anyOf: [a[0], b[0]] }, { anyOf: [b[1], a[1]] }]),
        fc
          .tuple(tie('two'), tie('two'))
          .map(([a, b]): Two => [{ allOf: [a[0], b[0]] }, { allOf: [a[1], b[1]] }]),
        tie('two').map(([a, b]): Two => [{ anyOf: [a, b] }, b]),
      ),
    })).two;
  const same = scalar.map((one): Two => [one, one]);
  const leaf = fc.oneof({ weight: 4, arbitrary: same }, { weight: 1, arbitrary: fc.tuple(scalar, scalar) });
  const part: JsonSchema = { $ref: '#/$defs/Part' };
  const referring = twoOf(fc.oneof(leaf, fc.constant<Two>([part, part])));
  // A definition that refers to itself does so from a member: else there would be no value to judge.
  const definition = fc.oneof(twoOf(leaf), referring.map(both((a) => object({ a }))));
  const rooted = fc.tuple(referring, definition).map(
    ([[old, next], [was, is]]): Two => [
      { allOf: [old], $defs: { Part: was } },
      { allOf: [next], $defs: { Part: is } },
    ],
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 'a', 'ab', 'b', 'abc', '', 0, 1, 2, 3, -1, 0.5),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b'), tie('any'), { noNullPrototype: true }),
    ),
  })).any;

  it('differ in nothing from themselves', () => {
    fc.assert(
      fc.property(rooted, ([one]) => {
        expect(diffSchemas(one, structuredClone(one))).toEqual([]);
      }),
    );
  });

  it('of which nothing breaks, have no value that the old one did not allow', () => {
    let judged = 0;
    fc.assert(
      fc.property(rooted, fc.array(value, { minLength: 20, maxLength: 40 }), ([old, next], values) => {
        if (isBreaking(diffSchemas(old, next))) return;
        const [wasAllowed, isAllowed] = [compileSchema(old), compileSchema(next)];
        for (const one of values) {
          if (isAllowed(one).length > 0) continue;
          judged += 1;
          expect(wasAllowed(one)).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
    expect(judged).toBeGreaterThan(50);
  }, 60_000);
});
