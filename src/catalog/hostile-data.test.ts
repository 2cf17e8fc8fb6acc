import { describe, expect, it } from 'vitest';
import { ownBudget, requestBudget, withinRequest } from './budget.ts';
import { createOwnEventType } from './event-type.ts';
import { eventTypeFileSchema, type JsonSchema } from './preset-file.ts';
import { compileSchema } from './schema.ts';
import { violationsOf } from './validate.ts';

/** What comes of a value, and how many steps that took. */
function judged(schema: JsonSchema, value: unknown) {
  const budget = ownBudget(JSON.stringify(value).length);
  const before = budget.left;
  const rules = compileSchema(schema)(value, budget).map(({ rule }) => rule);
  return { rules, steps: before - Math.max(0, budget.left) };
}

const DOUBLING = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => {
    const next = { $ref: `#/$defs/A${index + 1}` };
    return [`A${index}`, { anyOf: [next, next] }];
  }),
);
/** Letters a and b in no order. */
function noise(length: number): string {
  let seed = 1;
  return Array.from({ length }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % 7 < 3 ? 'a' : 'b';
  }).join('');
}

const MANY = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, index]));

describe('hostile data', () => {
  it.each<[string, JsonSchema, unknown]>([
    ['a pattern that remembers half of the text', { pattern: '[ab]*a[ab]{14}$' }, noise(20_000)],
    [
      'alternatives of alternatives',
      { $ref: '#/$defs/A0', $defs: { ...DOUBLING, A40: { type: 'string' } } },
      5,
    ],
    [
      'the same over many members',
      { $ref: '#/$defs/A0', $defs: { ...DOUBLING, A40: { maxProperties: 3 } } },
      MANY,
    ],
    [
      'the same while members are kept track of',
      {
        $ref: '#/$defs/A0',
        unevaluatedProperties: false,
        $defs: { ...DOUBLING, A40: { patternProperties: { '^k': { type: 'string' } } } },
      },
      MANY,
    ],
    [
      'alternatives at each level of the data',
      {
        anyOf: [
          { type: 'array', items: { $ref: '#' }, maxItems: 1 },
          { type: 'array', items: { $ref: '#' }, minItems: 1, maxItems: 2 },
        ],
      },
      JSON.parse(`${'['.repeat(40)}1${']'.repeat(40)}`),
    ],
    ['a schema that leads to itself', { $ref: '#' }, 5],
    [
      'a long list of allowed values',
      { items: { enum: Array.from({ length: 9_000 }, (_, n) => ({ n })) } },
      Array.from({ length: 9_000 }, () => ({ n: 8_999 })),
    ],
  ])('%s ends with the budget, and is told of', (_, schema, value) => {
    const { rules, steps } = judged(schema, value);
    expect(rules).toEqual(['validation_unfinished']);
    expect(steps).toBeLessThanOrEqual(100_000 + JSON.stringify(value).length);
  });

  it.each<[string, JsonSchema, unknown, string[]]>([
    ['a pattern that would backtrack', { pattern: '^([a-z]+)+$' }, `${'a'.repeat(200_000)}!`, ['pattern']],
    [
      'names of members, the same',
      { propertyNames: { pattern: '^(a|a)*$' } },
      { [`${'a'.repeat(50_000)}!`]: 1 },
      ['pattern', 'propertyNames'],
    ],
    ['an address', { format: 'url' }, `http://a@${'::'.repeat(50_000)}`, ['format']],
    ['an expression', { format: 'regex' }, '('.repeat(200_000), ['format']],
    ['a name of a host', { format: 'hostname' }, 'a-'.repeat(100_000), ['format']],
    ['many items that differ', { uniqueItems: true }, Array.from({ length: 20_000 }, (_, n) => ({ n })), []],
    [
      'many items of which the last is there already',
      { uniqueItems: true },
      [...Array.from({ length: 20_000 }, (_, n) => ({ n, m: n })), { m: 7, n: 7 }],
      ['uniqueItems'],
    ],
  ])('%s: judged to the end', (_, schema, value, rules) => {
    expect(judged(schema, value).rules).toEqual(rules);
  });

  it('of a request with many events is judged to the last where none takes very much', () => {
    const codes = Array.from({ length: 5_000 }, (_, index) => `code ${index}`);
    const judge = compileSchema({ properties: { code: { enum: codes } } });
    const request = requestBudget(0, 1_000);
    const outcomes = Array.from({ length: 1_000 }, () =>
      withinRequest(request, 1, (own) => judge({ code: 'code 4999' }, own)),
    );
    expect(outcomes.filter((one) => one === undefined)).toEqual([]);
  });

  it('of one request is judged as long as all of it has work left', () => {
    const schema = { $ref: '#/$defs/A0', $defs: { ...DOUBLING, A40: { type: 'string' } } };
    const judge = compileSchema(schema);
    const request = requestBudget(0);
    const spent = () => withinRequest(request, 1, (own) => judge(5, own));
    const outcomes = Array.from({ length: 50 }, spent);
    expect(outcomes.filter((one) => one !== undefined).length).toBeGreaterThanOrEqual(10);
    expect(outcomes.filter((one) => one !== undefined).length).toBeLessThan(12);
    expect(withinRequest(request, 1, (own) => judge('fine', own))).toBeUndefined();
  });
});

describe('an event', () => {
  const $defs = { ...DOUBLING, A40: { type: 'string' } };
  const schema = {
    properties: { code: { pattern: '^(?:[a-z]|[a-f][0-9])+$' }, tree: { $ref: '#/$defs/A26' } },
    $defs,
  };
  const source = { name: 'a.b', schema };
  const type = createOwnEventType(eventTypeFileSchema.parse(source), source, null);
  /** What is said of each of these, judged in one request. */
  const saidOf = (...events: object[]) => {
    const texts = events.map((one) => JSON.stringify(one));
    const budget = requestBudget(texts.join('').length);
    return texts.map((data) => violationsOf(type, { data, version: null }, { usual: null, budget }));
  };
  const fine = { code: 'ab1c2' };
  const long = { code: noise(60_000) };
  const hostile = { tree: 5 };

  it('gets the same verdict alone and among others, as long as these leave anything', () => {
    const alone = [fine, long, hostile].flatMap((one) => saidOf(one));
    expect(saidOf(fine, long, hostile)).toEqual(alone);
    expect(saidOf(hostile, long, fine).reverse()).toEqual(alone);
    expect(saidOf(hostile, hostile, hostile, fine).at(-1)).toEqual([]);
  });

  it('is told of what it was published with, if that left nothing', () => {
    const [last] = saidOf(...Array.from({ length: 20 }, () => hostile), fine).slice(-1);
    expect(last).toEqual([
      {
        path: ['data'],
        rule: 'validation_unfinished',
        message: 'is not judged, as what is published with it takes too long. Publish fewer events at once',
        params: { why: 'crowded' },
      },
    ]);
  });
});

describe('a large event that is no more than large', () => {
  it('is judged to the end', () => {
    const row = { sku: 'A-1', count: 2, price: 1.5, tags: ['x', 'y'], at: '2026-03-13T14:30:00Z' };
    const schema = {
      type: 'array',
      uniqueItems: true,
      items: { $ref: '#/$defs/Row' },
      $defs: {
        Row: {
          type: 'object',
          properties: {
            sku: { type: 'string', pattern: '^[A-Z]-[0-9]+$', maxLength: 20 },
            count: { type: 'integer', minimum: 0 },
            price: { anyOf: [{ type: 'null' }, { type: 'number' }] },
            tags: { type: 'array', items: { enum: ['x', 'y', 'z'] }, contains: { const: 'x' } },
            at: { type: 'string', format: 'date-time' },
          },
          required: ['sku', 'count'],
          additionalProperties: false,
        },
      },
    };
    const rows = Array.from({ length: 10_000 }, (_, index) => ({ ...row, sku: `A-${index}` }));
    expect(judged(schema, rows).rules).toEqual([]);
    expect(judged(schema, [...rows, { ...row, count: -1 }]).rules).toEqual(['minimum']);
  });
});

describe('items are unique', () => {
  it.each([
    [[1, 1.0], false],
    [[0, -0], false],
    [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      false,
    ],
    [
      [
        [1, 2],
        [2, 1],
      ],
      true,
    ],
    [[1, '1', true, 'true', null, 'null', {}, [], ''], true],
    [[{ a: [{ b: null }] }, { a: [{ b: null }] }], false],
  ])('%j: %s', (items, expected) => {
    expect(compileSchema({ uniqueItems: true })(items).length === 0).toBe(expected);
    expect(compileSchema({ uniqueItems: false })(items)).toEqual([]);
  });
});

describe('formats', () => {
  it.each([
    ['url', 'https://example.com/a?b=c#d', true],
    ['url', 'http://user:word@a-b.example.museum:8080/x', true],
    ['url', 'ftp://203.0.113.9/file', true],
    ['url', 'http://10.0.0.1/', false],
    ['url', 'http://192.168.1.1', false],
    ['url', 'http://172.20.1.1', false],
    ['url', 'http://172.32.1.1', true],
    ['url', 'http://127.0.0.1', false],
    ['url', 'http://-a.example', false],
    ['url', 'nothing', false],
    ['email', 'someone@example.com', true],
    ['email', 'someone', false],
    ['uuid', '2b7ef4a1-7b5c-4a43-9a0c-6d0d1c4f7d11', true],
    ['ipv6', '2001:db8::1', true],
    ['regex', '^(a|b)+$', true],
    ['regex', '(', false],
    ['date-time', '2026-03-13T14:30:00Z', true],
    ['date-time', '2026-13-13T14:30:00Z', false],
  ])('%s: %s is one: %s', (format, text, expected) => {
    expect(compileSchema({ format })(text).length === 0).toBe(expected);
  });
});
