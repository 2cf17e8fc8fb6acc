import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../src/catalog/preset-file.ts';
import { compileSchema } from '../../../src/catalog/schema.ts';
import type { Violation } from '../../../src/catalog/violation.ts';
import { englishIn } from '../../../test/support/english.ts';
import { warningWords } from './warning-words.ts';

const texts = (language: string, name: string) =>
  JSON.parse(readFileSync(new URL(`../locales/${language}/${name}.json`, import.meta.url), 'utf8'));
const SWEDISH = texts('sv', 'warnings');
const TYPES = texts('sv', 'catalog').types;
const swedish = (warning: Parameters<typeof warningWords>[2]) => warningWords(SWEDISH, TYPES, warning);

/** Each keyword that asserts something, with a value that breaks it. */
const BROKEN: readonly (readonly [JsonSchema, unknown, string])[] = [
  [{ required: ['sku'] }, {}, 'saknas'],
  [
    { dependentRequired: { street: ['city'] } },
    { street: 'x' },
    'saknas, och måste finnas om street gör det',
  ],
  [{ additionalProperties: false }, { x: 1 }, 'finns inte i schemat'],
  [{ unevaluatedProperties: false }, { x: 1 }, 'finns inte i schemat'],
  [{ type: 'string' }, 1, 'ska vara text'],
  [{ type: ['string', 'integer', 'null'] }, true, 'ska vara text, heltal eller null'],
  [{ enum: ['x', 2] }, 'b', 'ska vara något av "x", 2'],
  [
    { enum: Array.from({ length: 12 }, (_, one) => one) },
    -1,
    'ska vara något av 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 eller av 2 andra',
  ],
  [{ const: 'x' }, 'b', 'ska vara "x"'],
  [{ minLength: 2 }, 'x', 'ska ha minst 2 tecken'],
  [{ maxLength: 2 }, 'xyz', 'får ha högst 2 tecken'],
  [{ pattern: '^x+$' }, 'b', 'ska se ut som ^x+$'],
  [{ format: 'uuid' }, 'b', 'ska ha formatet uuid'],
  [{ format: 'email' }, 'b', 'ska vara en e-postadress'],
  [{ minimum: 1 }, 0, 'ska vara minst 1'],
  [{ maximum: 1 }, 2, 'får vara högst 1'],
  [{ exclusiveMinimum: 1 }, 1, 'ska vara mer än 1'],
  [{ exclusiveMaximum: 1 }, 1, 'ska vara mindre än 1'],
  [{ multipleOf: 5 }, 7, 'ska vara en multipel av 5'],
  [{ minItems: 1 }, [], 'ska ha minst en post'],
  [{ maxItems: 1 }, [1, 2], 'får ha högst en post'],
  [{ uniqueItems: true }, [1, 1], 'får inte ha samma post två gånger'],
  [{ contains: { const: 1 } }, [2], 'ska ha minst en post av rätt slag'],
  [{ contains: { const: 1 }, maxContains: 2 }, [1, 1, 1], 'ska ha 1 till 2 poster av rätt slag'],
  [{ prefixItems: [true], items: false }, [1, 2], 'får ha högst en post'],
  [{ prefixItems: [true], unevaluatedItems: false }, [1, 2], 'har poster som inte finns i schemat'],
  [{ minProperties: 1 }, {}, 'ska ha minst ett fält'],
  [{ maxProperties: 0 }, { x: 1 }, 'får ha högst 0 fält'],
  [{ propertyNames: { maxLength: 3 } }, { long_name: 1 }, 'får inte heta så'],
  [{ not: { type: 'null' } }, null, 'är något som schemat utesluter'],
  [{ oneOf: [{ type: 'null' }, { const: 1 }] }, 2, 'ska stämma med exakt en av formerna i schemat'],
  [{ anyOf: [{ type: 'null' }, { const: 1 }] }, 2, 'ska stämma med någon av formerna i schemat'],
  [{ if: false, else: { const: 1 } }, 2, 'stämmer inte med vad schemat säger om ett sådant värde'],
  [{ properties: { x: false } }, { x: 1 }, 'får inte finnas'],
];

const violations = (schema: JsonSchema, value: unknown): Violation[] => compileSchema(schema)(value);

describe('what an event breaks of its schema', () => {
  it.each(BROKEN)('%j is told in Swedish of %j', (schema, value, text) => {
    const told = violations(schema, value).map(swedish);
    expect(told.at(-1)).toEqual({ text });
    expect(told.flatMap((one) => englishIn(one.text))).toEqual([]);
  });

  it('is told in words of their own for every rule there are words for', () => {
    const met = new Set(
      BROKEN.flatMap(([schema, value]) => violations(schema, value).map(({ rule }) => rule)),
    );
    const others = ['unknown_event_type', 'version', 'validation_unfinished'];
    const worded = Object.keys(SWEDISH.rules).filter((key) => !key.includes('/'));
    expect(worded.sort()).toEqual([...met, ...others].sort());
  });

  it('is told of a name, and of the payload it is in', () => {
    const params = { limit: 3, of: 'name', payloadVersion: '2025.1' };
    const warning = { rule: 'maxLength', message: '…', params };
    expect(swedish(warning).text).toBe('namnet får ha högst 3 tecken (innehållets version 2025.1)');
    expect(swedish({ ...warning, params: { ...params, preset: 'theirs' } }).text).toBe(
      'namnet får ha högst 3 tecken (innehållets version 2025.1 i theirs)',
    );
  });

  it('is told of in general where its rule has no words, with what the API says marked as foreign', () => {
    const message = 'must be something new';
    const told = { text: `stämmer inte med schemat (${message})`, foreign: message };
    expect(swedish({ rule: 'brandNew', message })).toEqual(told);
    expect(swedish({ rule: 'constructor', message })).toEqual(told);
  });

  it('is still told of where it was stored before its values were kept', () => {
    expect(swedish({ rule: 'required', message: 'is missing' })).toEqual({ text: 'saknas' });
    const message = 'must NOT have more than 25 characters';
    expect(swedish({ rule: 'maxLength', message })).toEqual({
      text: `stämmer inte med schemat (${message})`,
      foreign: message,
    });
  });
});
