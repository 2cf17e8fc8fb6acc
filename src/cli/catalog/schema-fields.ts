import { listed } from '../../catalog/diff-finding.ts';
import { schemasByName } from '../../catalog/diff-merge.ts';
import { type Forms, isFree, type Shape, ShapeReader } from '../../catalog/diff-shape.ts';
import type { JsonSchema } from '../../catalog/preset-file.ts';

/** A field as a row of a table: its name, what it can be, and what it means. */
export type FieldRow = readonly [name: string, kind: string, meaning: string];

const INDENT = '  ';
const MAX_DEPTH = 12;
const RULES = [
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
];

/** The fields a schema describes, each below the one it is in and moved in once more. */
export function fieldRows(schema: JsonSchema): FieldRow[] {
  const lister = new Lister(new ShapeReader(schema));
  const rows = lister.below(schema, 0, []);
  return rows.length > 0 ? rows : [lister.row('(all of it)', schema, [])];
}

class Lister {
  readonly #reader: ShapeReader;

  constructor(reader: ShapeReader) {
    this.#reader = reader;
  }

  /** Of the members of an object, or of the objects in a list. @param above what it is in */
  below(schema: JsonSchema, depth: number, above: readonly Forms[]): FieldRow[] {
    const forms = this.#reader.formsOf(schema);
    if (above.includes(forms) || depth > MAX_DEPTH) return [];
    return forms.shapes.flatMap(({ types, values, keywords }) => {
      const inner = [...above, forms];
      if (values) return [];
      const rows: FieldRow[] = [];
      if (types.has('array')) rows.push(...this.below(itemsOf(keywords), depth, inner));
      if (types.has('object')) rows.push(...this.#members(keywords, depth, inner));
      return rows;
    });
  }

  row(name: string, schema: JsonSchema, notes: readonly string[]): FieldRow {
    const forms = this.#reader.formsOf(schema);
    const own = forms.shapes.map(({ keywords }) => keywords);
    const meanings = own.flatMap(({ description }) => (typeof description === 'string' ? [description] : []));
    const values = forms.shapes.flatMap((shape) => shape.values ?? []);
    const told =
      values.length === 0 ? [] : [values.length === 1 ? listed(values) : `One of ${listed(values)}.`];
    const isDeprecated = own.some(({ deprecated }) => deprecated === true);
    const kind = [
      this.#kindOf(forms),
      ...notes,
      ...own.flatMap(rulesOf),
      ...(isDeprecated ? ['deprecated'] : []),
    ];
    return [name, kind.join(', '), [...new Set([...meanings, ...told])].join(' ')];
  }

  #members(keywords: Shape['keywords'], depth: number, above: readonly Forms[]): FieldRow[] {
    const required = Array.isArray(keywords.required) ? keywords.required : [];
    const members = Object.entries(schemasByName(keywords.properties)).filter(
      ([, schema]) => schema !== false,
    );
    const { additionalProperties: others } = keywords;
    if (typeof others === 'object') members.push(['(any other)', others as JsonSchema]);
    return members.flatMap(([name, schema]) => {
      const isAbove = above.includes(this.#reader.formsOf(schema));
      const notes = [...(required.includes(name) ? ['required'] : []), ...(isAbove ? ['as above'] : [])];
      const row = this.row(INDENT.repeat(depth) + name, schema, notes);
      return [row, ...this.below(schema, depth + 1, above)];
    });
  }

  #kindOf(forms: Forms, depth = 0): string {
    if (isFree(forms)) return 'anything';
    const kinds = forms.shapes.flatMap(({ types, keywords }) =>
      [...types].map((type) => {
        if (type !== 'array' || depth > MAX_DEPTH) return type;
        const items = this.#reader.formsOf(itemsOf(keywords));
        return isFree(items) ? 'array' : `array of ${this.#kindOf(items, depth + 1)}`;
      }),
    );
    return [...new Set([...kinds, ...(forms.nullable ? ['null'] : [])])].join(' or ') || 'nothing';
  }
}

function itemsOf({ items }: Shape['keywords']): JsonSchema {
  return (items ?? true) as JsonSchema;
}

function rulesOf(keywords: Shape['keywords']): string[] {
  return RULES.filter((rule) => keywords[rule] !== undefined).map((rule) => {
    const value = keywords[rule];
    return value === true ? rule : `${rule} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
}
